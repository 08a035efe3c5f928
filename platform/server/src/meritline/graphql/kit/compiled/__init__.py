"""The read compiler: a root field becomes one statement whose JSON goes to the client untouched.

The plain resolvers are the meaning; whatever this cannot do exactly like them it leaves to them, field by field.
"""
