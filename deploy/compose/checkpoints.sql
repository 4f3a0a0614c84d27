-- Run once, when PostgreSQL makes its data: LangGraph's checkpoints lie in a database of their own.
CREATE DATABASE checkpoints;
