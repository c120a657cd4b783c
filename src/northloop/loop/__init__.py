"""What joins the stages: one turn of the loop, its lineage, promotion and roll-back.

The loop knows the arrows between the stages and nothing of their insides.
"""
