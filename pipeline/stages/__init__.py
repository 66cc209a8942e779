"""The build: each stage loads, calls the other rooms and stores; the graph gives their order.

Only this room and the command line use all stages; stages do not import each other. Importing it takes no time.
"""
