-- What the checks look at when all is to be checked: every row is new, and nothing else has to be looked up.

set variable last_article = -1;

set variable last_version = -1;

set variable last_story_article = -1;

set variable last_paragraph = -1;

set variable last_removed_block = -1;

set variable last_time_signal = -1;

set variable last_credit_signal = -1;

set variable last_copy = -1;

set variable last_passage = -1;

set variable last_member = -1;

set variable last_run = -1;

set variable last_fate = -1;

set variable last_capture = -1;

set variable last_indexed = -1;

create or replace temp table stored_places (place bigint, article_id varchar);

create or replace temp table touched_rows (place bigint, article_id varchar, position integer);

create or replace temp table replaced_articles (article_id varchar);
