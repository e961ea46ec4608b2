"""Stories made anew from what came in, beside the running site, and compared with it.

Answers for the order of what happened, for reading originals again and for naming every
difference; the deciding is done by the same actions that did it the first time. Must
never write to the site's database or its folders.
"""
