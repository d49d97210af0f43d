"""The shelf: every questionnaire that comes with the product, by its key."""

from collections.abc import Mapping

from conversations.questionnaire import Questionnaire
from conversations.questionnaires.after_close import AFTER_CLOSE
from conversations.questionnaires.customer import CUSTOMER
from conversations.questionnaires.employee import EMPLOYEE

SHELF: Mapping[str, Questionnaire] = {each.key: each for each in (CUSTOMER, EMPLOYEE, AFTER_CLOSE)}
