"""The review desk: pages served beside the graph, named in langgraph.json as its `http.app`."""
