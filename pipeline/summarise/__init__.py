"""Larger areas: what scores come to in wards, MSOAs, districts, Sub-ICBs, ICBs, GP practices and declared groups.

What needs pandas is imported from the modules, so that what is built can be listed without it.
"""
