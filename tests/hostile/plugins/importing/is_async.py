from meritline_sdk import hookimpl


@hookimpl
async def indicator_sets():
    return []
