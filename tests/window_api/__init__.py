import pytest

# Their assertions are read by people too, although their names do not start with test_.
pytest.register_assert_rewrite("tests.window_api.api_client", "tests.window_api.window_service_contract")
