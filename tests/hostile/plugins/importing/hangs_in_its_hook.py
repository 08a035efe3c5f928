from meritline_sdk import hookimpl


@hookimpl
def indicator_sets():
    while True:
        pass
