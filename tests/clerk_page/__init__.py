import pytest

# Their assertions are read by people too, although their names do not start with test_.
pytest.register_assert_rewrite("tests.clerk_page.clerk", "tests.clerk_page.clerk_page_contract")
