"""Transitions: each change that may cause a letter is a row, with the letter it caused or the reason why none left.

It knows no order and no shop; they tell it what happened, and give it values and papers when it asks.
"""
