from meritline_sdk import hookimpl


@hookimpl
def indicator_set():
    return []
