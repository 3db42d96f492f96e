"""Pure verdicts: may this principal do this?"""
