"""Official classes and domains that tables, scores and the fictional country share."""

RUC21_NAMES = {
    "UN1": "Urban: Nearer to a major town or city",
    "UF1": "Urban: Further from a major town or city",
    "RLN1": "Larger rural: Nearer to a major town or city",
    "RLF1": "Larger rural: Further from a major town or city",
    "RSN1": "Smaller rural: Nearer to a major town or city",
    "RSF1": "Smaller rural: Further from a major town or city",
}
RUC21_CODES = tuple(RUC21_NAMES)
"""The six classes of 2021 from least to most rural and, within a size, from nearer to further."""

DOMAINS = {
    "income": "Income",
    "employment": "Employment",
    "education": "Education, Skills and Training",
    "health": "Health Deprivation and Disability",
    "crime": "Crime",
    "barriers": "Barriers to Housing and Services",
    "living_environment": "Living Environment",
}
"""The seven domains of the Index of Multiple Deprivation, our names to the publisher's."""
