-- migrate:up
-- What an account has done in the diary, for the export of the own data.

CREATE INDEX lesson_of_account ON lesson (account_id);
CREATE INDEX mark_change_of_account ON mark_change (account_id);
CREATE INDEX final_change_of_account ON final_change (account_id);
