"""Calls for entries, from the announcement to the jury's decision.

Staff write a call and open it. Designers write an entry and submit it. Jurors see entries without
names, by a code, and give points. When all points are in, the decision is recorded, and every
author hears of it.
"""
