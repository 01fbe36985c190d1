"""The description of the API is one that programs can read."""

from callbacks.openapi import document


def test_every_parameter_of_a_path_stands_in_it_and_every_refusal_is_described():
    found = document("/api/v1", ["activity"], 200)
    assert found["openapi"] == "3.1.0"
    for path, methods in found["paths"].items():
        asked = methods["get"]["parameters"]
        assert {one["name"] for one in asked if one["in"] == "path"} == ({"report"} if "{report}" in path else set())
        assert all(one["required"] is (one["in"] == "path") for one in asked)
        assert set(methods["get"]["responses"]) == {"200", "400", "401", "403", "404", "429"}
