-- No keys of what hangs on an article: each load read and wrote large parts of them, while nothing looks a row up by
-- them. That no row stands twice is checked with each load.

create table paragraphs_without_key (
    article_id varchar not null,
    position integer not null,
    kind varchar not null,
    text varchar not null,
    word_count integer not null,
    start_char integer not null,
    is_original boolean,
    posted_at timestamptz
);

insert into paragraphs_without_key
select
    article_id,
    position,
    kind,
    text,
    word_count,
    start_char,
    is_original,
    posted_at
from paragraphs;

drop table paragraphs;

alter table paragraphs_without_key rename to paragraphs;

comment on table paragraphs is 'A paragraph of the newest version of an article. Its article and position name it.';
comment on column paragraphs.article_id is 'The article.';
comment on column paragraphs.position is '0, 1, 2 … in reading order.';
comment on column paragraphs.kind is 'lead, text, heading, list, quote, caption or post (one entry of a live blog).';
comment on column paragraphs.text is 'The paragraph.';
comment on column paragraphs.word_count is 'Words in it.';
comment on column paragraphs.start_char is 'Where it starts in articles.text, in characters from 0.';
comment on column paragraphs.is_original is 'False when passages of an earlier article, or of an agency''s text that both ran, cover half of it or more. Null when such passages are there, but neither times nor credits prove whose they are. An agency is taken to be the author of what it publishes. Shared quotations don''t count.';
comment on column paragraphs.posted_at is 'When the live blog''s entry that it belongs to was written. Null outside of live blogs.';

create table removed_blocks_without_key (
    article_id varchar not null,
    ordinal integer not null,
    position integer not null,
    text varchar not null,
    rule varchar not null
);

insert into removed_blocks_without_key
select
    article_id,
    ordinal,
    position,
    text,
    rule
from removed_blocks;

drop table removed_blocks;

alter table removed_blocks_without_key rename to removed_blocks;

comment on table removed_blocks is 'Junk that was cut from the newest version of an article. Its article and ordinal name it.';
comment on column removed_blocks.article_id is 'The article.';
comment on column removed_blocks.ordinal is '0, 1, 2 … in the order of the page.';
comment on column removed_blocks.position is 'The paragraph that it stood before.';
comment on column removed_blocks.text is 'What was cut.';
comment on column removed_blocks.rule is 'The rule that cut it.';

create table time_signals_without_key (
    article_id varchar not null,
    ordinal integer not null,
    signal varchar not null,
    value_raw varchar not null,
    value timestamptz,
    precision varchar,
    zone varchar
);

insert into time_signals_without_key
select
    article_id,
    ordinal,
    signal,
    value_raw,
    value,
    precision,
    zone
from time_signals;

drop table time_signals;

alter table time_signals_without_key rename to time_signals;

comment on table time_signals is 'One statement about when an article appeared: all the evidence, used or not. Its article and ordinal name it.';
comment on column time_signals.article_id is 'The article.';
comment on column time_signals.ordinal is '0, 1, 2 … in the order found.';
comment on column time_signals.signal is 'Where it stands, such as jsonld:datePublished, url or feed.';
comment on column time_signals.value_raw is 'As written.';
comment on column time_signals.value is 'The moment that it states. Null when it can''t be read or is ambiguous.';
comment on column time_signals.precision is 'second, minute, day, month or year. Null when value is.';
comment on column time_signals.zone is 'Time zone as written. Null when there is none; value then reads the clock time as UTC.';

create table credit_signals_without_key (
    article_id varchar not null,
    ordinal integer not null,
    signal varchar not null,
    value_raw varchar not null,
    value varchar,
    confidence double not null
);

insert into credit_signals_without_key
select
    article_id,
    ordinal,
    signal,
    value_raw,
    value,
    confidence
from credit_signals;

drop table credit_signals;

alter table credit_signals_without_key rename to credit_signals;

comment on table credit_signals is 'One statement about whose text an article is: all the evidence, used or not. Its article and ordinal name it.';
comment on column credit_signals.article_id is 'The article.';
comment on column credit_signals.ordinal is '0, 1, 2 … in the order found.';
comment on column credit_signals.signal is 'Where it stands, such as byline, dateline or tail.';
comment on column credit_signals.value_raw is 'As written.';
comment on column credit_signals.value is 'Normal form of the agency''s name. Null when it names no agency that we know.';
comment on column credit_signals.confidence is 'How far it can be believed, 0.0 to 1.0.';
