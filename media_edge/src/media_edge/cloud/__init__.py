"""The edge as a task of ECS on Fargate: its address, its name, and when it may be ended."""
