"""为什么 · Why a figure is what it is: the answer of `heng why`."""

from fastapi import APIRouter, Response

from heng.core.errors import HengError
from heng.serve.api.answers import Reason, answered
from heng.serve.api.asked import Placed, SubjectName, subject_named
from heng.serve.api.caller import Calling
from heng.serve.reasons import as_data
from heng.serve.web.pages.why import Reasons

router = APIRouter(tags=["why"])


@router.get("/why/{name}", response_model=Reason)
def why(caller: Calling, name: SubjectName, asked: Placed) -> Response:
    """为什么 · Where a figure of a hospital's month comes from, to the rows of files, as far as they may be seen."""
    subject_named(name)
    if not asked.org:
        mend = ("写明 org", "name the hospital in `org`")
        raise HengError("要问的是一家医院的数", "why is asked of the figure of one hospital", where="org", mend=mend)
    told = Reasons(caller, name, asked.place)
    return answered(as_data(told.answer, told.caution()))
