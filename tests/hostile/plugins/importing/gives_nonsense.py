from meritline_sdk import hookimpl


@hookimpl
def indicator_sets():
    return ["a set", 3]
