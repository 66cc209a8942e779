"""How long each stage takes, beside the plain way and the least that it could take: ``make bench``."""
