"""Words that databases reserve, so that no column has one as its name."""

_WORDS = """
abs acos add all allocate alter analyse analyze and anti any are array array_agg array_max_cardinality as asc
asensitive asin asof asymmetric at atan atomic authorization avg backup begin begin_frame begin_partition between
bigint binary blob boolean both break browse bulk by call called cardinality cascade cascaded case cast ceil ceiling
char char_length character character_length check checkpoint classifier clob close clustered coalesce collate
collation collect column columns commit compute concurrently condition connect constraint contains containstable
continue convert copy corr corresponding cos cosh count covar_pop covar_samp create cross cube cume_dist current
current_catalog current_date current_default_transform_group current_path current_role current_row current_schema
current_time current_timestamp current_transform_group_for_type current_user cursor cycle database date day dbcc
deallocate dec decfloat decimal declare default deferrable define delete dense_rank deny deref desc describe
deterministic disconnect disk distinct distributed do double drop dump dynamic each element else empty end end_frame
end_partition equals errlvl escape every except exec execute exists exit exp external extract false fetch file
fillfactor filter first_value float floor for foreign frame_row free freetext freetexttable freeze from full function
fusion generated get glob global goto grant group grouping groups having hold holdlock hour identity identity_insert
identitycol if ilike in index indicator initial initially inner inout insensitive insert int integer intersect
intersection interval into is isnull join json_array json_arrayagg json_exists json_object json_objectagg json_query
json_table json_table_primitive json_value key kill lag lambda language large last_value lateral lead leading left
like like_regex limit lineno listagg ln load local localtime localtimestamp log log10 lower map match match_number
match_recognize matches max member merge method min minute mod modifies module month multiset national natural nchar
nclob new no nocheck nonclustered none normalize not notnull nth_value ntile null nullif numeric occurrences_regex
octet_length of off offset offsets old omit on one only open opendatasource openquery openrowset openxml option or
order out outer over overlaps overlay parameter partition pattern per percent percent_rank percentile_cont
percentile_disc period permute pivot pivot_longer pivot_wider placing plan portion position position_regex positional
power precedes precision prepare primary print proc procedure ptf public qualify raiserror range rank read reads
readtext real reconfigure recursive ref references referencing regr_avgx regr_avgy regr_count regr_intercept regr_r2
regr_slope regr_sxx regr_sxy regr_syy release replication restore restrict result return returning returns revert
revoke right rollback rollup row row_number rowcount rowguidcol rows rule running save savepoint schema scope scroll
search second seek select semantickeyphrasetable semi sensitive session_user set setuser show shutdown similar sin
sinh skip smallint some specific specifictype sql sqlexception sqlstate sqlwarning sqrt start static statistics
stddev_pop stddev_samp struct submultiset subset substring substring_regex succeeds sum summarize symmetric system
system_time system_user table tablesample tan tanh textsize then time timestamp timezone_hour timezone_minute to top
trailing tran transaction translate translate_regex translation treat trigger trim trim_array true truncate try_cast
tsequal tuple uescape union unique unknown unmatched unnest unpack unpivot update updatetext upper use user using
value value_of values var_pop var_samp varbinary varchar variadic varying verbose versioning view waitfor when
whenever where while width_bucket window with within without writetext year
"""
RESERVED = frozenset(_WORDS.split())
"""Reserved by the SQL standard of 2016, or by DuckDB, PostgreSQL or SQL Server; in lower case."""
