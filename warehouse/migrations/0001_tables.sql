-- The tables of the contract, in schema main, and the warehouse's own books, in schema internal.

create schema internal;

create table stories (
    story varchar not null,
    title varchar not null,
    definition json not null,
    since timestamptz,
    until timestamptz,
    primary key (story)
);

comment on table stories is 'A story: the question a user configures.';
comment on column stories.story is 'Name of the story, as its file gives it.';
comment on column stories.title is 'Title for people.';
comment on column stories.definition is 'The whole story file as JSON.';
comment on column stories.since is 'Start of the story''s time window. Null when it is open.';
comment on column stories.until is 'End of the story''s time window, exclusive. Null when it is open.';

create table runs (
    run_id varchar not null,
    run_number bigint not null,
    story varchar,
    kind varchar not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    status varchar not null,
    rules_version varchar not null,
    counts struct(
        kept bigint,
        unchanged bigint,
        duplicate bigint,
        rejected bigint,
        failed bigint,
        refused bigint,
        skipped bigint,
        read bigint
    ) not null,
    primary key (run_id),
    unique (run_number)
);

comment on table runs is 'A run that came to its end and was loaded.';
comment on column runs.run_id is 'Id of the run.';
comment on column runs.run_number is '1, 2, 3 … in the order of loading: what orders runs when a clock was wrong.';
comment on column runs.story is 'Story of the run. Null for an ingest without a story file and for a reprocessing, which covers all stories.';
comment on column runs.kind is 'run (from the web), ingest (local material) or reprocess (from the archive).';
comment on column runs.started_at is 'When it started.';
comment on column runs.finished_at is 'When its rows were complete.';
comment on column runs.status is 'finished, or stopped when the user ended it early: what had come by then is loaded.';
comment on column runs.rules_version is 'Version of the extraction and cleaning rules.';
comment on column runs.counts is 'URLs by fate, counted while running; a check holds them against url_fates.';

create table url_fates (
    run_id varchar not null,
    story varchar,
    url varchar not null,
    outlet varchar,
    via varchar not null,
    source_url varchar,
    fate varchar not null,
    reason varchar,
    detail varchar,
    "at" timestamptz not null,
    article_id varchar,
    primary key (run_id, url)
);

comment on table url_fates is 'What became of a URL in a run: exactly one row for every URL that the run heard of.';
comment on column url_fates.run_id is 'The run.';
comment on column url_fates.story is 'Story of the run. Null when the run has none.';
comment on column url_fates.url is 'The URL as it became known.';
comment on column url_fates.outlet is 'Publisher of the URL, as in articles. Null when the URL names no host.';
comment on column url_fates.via is 'How it became known: seed, feed, sitemap, site, search, link, file, archive or rescue (a web archive''s copy of a dead page).';
comment on column url_fates.source_url is 'The feed, sitemap, file or page that named it. Null when the story file or the command did.';
comment on column url_fates.fate is 'kept (a new article version), unchanged, duplicate, rejected, failed, refused, skipped, or read (a feed or sitemap read as a source).';
comment on column url_fates.reason is 'Why: robots, off_topic, http_404 and so on. Null for kept, unchanged and read.';
comment on column url_fates.detail is 'What a person needs to check the reason. Null when the reason says it all.';
comment on column url_fates."at" is 'When the fate was decided.';
comment on column url_fates.article_id is 'The article that it is or repeats. Null for all fates but kept, unchanged and duplicate.';

-- text stays uncompressed: reading 200 articles of a large table takes milliseconds, compressed it takes seconds
create table articles (
    article_id varchar not null,
    url varchar not null,
    canonical_url varchar,
    outlet varchar not null,
    outlet_name varchar,
    title varchar,
    subtitle varchar,
    byline_raw varchar,
    authors varchar[] not null,
    agencies varchar[] not null,
    publishing_agency varchar,
    published_at timestamptz,
    published_raw varchar,
    published_precision varchar,
    published_source varchar,
    published_zone varchar,
    published_earliest timestamptz,
    published_latest timestamptz,
    modified_at timestamptz,
    language varchar not null,
    text varchar not null using compression uncompressed,
    word_count integer not null,
    section varchar,
    tags varchar[] not null,
    image_url varchar,
    is_paywalled boolean,
    version integer not null,
    first_seen_at timestamptz not null,
    fetched_at timestamptz not null,
    content_hash varchar not null,
    primary key (article_id)
);

comment on table articles is 'The newest version of each article.';
comment on column articles.article_id is 'Short stable id of the article, derived from its URL.';
comment on column articles.url is 'Canonical URL under which the article is filed; file:NAME for a local text.';
comment on column articles.canonical_url is 'What the page itself declares as its canonical URL. Null when it declares none.';
comment on column articles.outlet is 'Publisher: the registered domain, or the host of an address; file for a local text that names none.';
comment on column articles.outlet_name is 'Publisher''s name as the page, the feed or the input states it. Null when none of them does.';
comment on column articles.title is 'Headline. Null when the page has none.';
comment on column articles.subtitle is 'Standfirst under the headline. Null when the page has none.';
comment on column articles.byline_raw is 'Who signs it, as written. Null when nobody does.';
comment on column articles.authors is 'Persons, and agencies that sign as authors, named by the byline or the page''s metadata; empty when none is.';
comment on column articles.agencies is 'News agencies credited with the text, in normal form; empty when none is.';
comment on column articles.publishing_agency is 'Agency on whose own site the article stands. Null for all other outlets.';
comment on column articles.published_at is 'Time of publication that the page states. Null when no source gives one that can be read.';
comment on column articles.published_raw is 'The statement behind published_at, as written. Null when there is none.';
comment on column articles.published_precision is 'How exactly published_at is stated: second, minute, day, month or year. Null when published_at is.';
comment on column articles.published_source is 'The signal that published_at rests on; see time_signals. Null when there is none.';
comment on column articles.published_zone is 'Time zone as stated, such as +02:00. Null when the page gives no zone (published_at then reads the clock time as UTC) or no time at all.';
comment on column articles.published_earliest is 'The article appeared not before this moment. Null when nothing bounds it.';
comment on column articles.published_latest is 'The article appeared not after this moment. Null when nothing bounds it.';
comment on column articles.modified_at is 'Time of the last edit that the page states. Null when it states none.';
comment on column articles.language is 'Language of the text, ISO 639-1; und when it can''t be told.';
comment on column articles.text is 'Clean text: the paragraphs, joined by an empty line. Offsets elsewhere count its characters from 0.';
comment on column articles.word_count is 'Words in text.';
comment on column articles.section is 'Section of the outlet. Null when the page names none.';
comment on column articles.tags is 'Keywords that the page gives; empty when it gives none.';
comment on column articles.image_url is 'Lead image. Null when the page names none.';
comment on column articles.is_paywalled is 'Whether the page says that its full text is for subscribers only. Null when it doesn''t say.';
comment on column articles.version is 'Number of the version, from 1 in the order in which they were seen.';
comment on column articles.first_seen_at is 'When the article, in any version, was first fetched.';
comment on column articles.fetched_at is 'When this version was fetched.';
comment on column articles.content_hash is 'Hash of the normalized text and title: two versions differ in it.';

create table article_versions (
    article_id varchar not null,
    url varchar not null,
    canonical_url varchar,
    outlet varchar not null,
    outlet_name varchar,
    title varchar,
    subtitle varchar,
    byline_raw varchar,
    authors varchar[] not null,
    agencies varchar[] not null,
    publishing_agency varchar,
    published_at timestamptz,
    published_raw varchar,
    published_precision varchar,
    published_source varchar,
    published_zone varchar,
    published_earliest timestamptz,
    published_latest timestamptz,
    modified_at timestamptz,
    language varchar not null,
    text varchar not null,
    word_count integer not null,
    section varchar,
    tags varchar[] not null,
    image_url varchar,
    is_paywalled boolean,
    version integer not null,
    first_seen_at timestamptz not null,
    fetched_at timestamptz not null,
    content_hash varchar not null,
    run_id varchar not null,
    archive_file varchar not null,
    archive_offset bigint not null,
    rules_version varchar not null,
    primary key (article_id, version)
);

comment on table article_versions is 'Every version of each article that was seen.';
comment on column article_versions.article_id is 'Short stable id of the article, derived from its URL.';
comment on column article_versions.url is 'Canonical URL under which the article is filed; file:NAME for a local text.';
comment on column article_versions.canonical_url is 'What the page itself declares as its canonical URL. Null when it declares none.';
comment on column article_versions.outlet is 'Publisher: the registered domain, or the host of an address; file for a local text that names none.';
comment on column article_versions.outlet_name is 'Publisher''s name as the page, the feed or the input states it. Null when none of them does.';
comment on column article_versions.title is 'Headline. Null when the page has none.';
comment on column article_versions.subtitle is 'Standfirst under the headline. Null when the page has none.';
comment on column article_versions.byline_raw is 'Who signs it, as written. Null when nobody does.';
comment on column article_versions.authors is 'Persons, and agencies that sign as authors, named by the byline or the page''s metadata; empty when none is.';
comment on column article_versions.agencies is 'News agencies credited with the text, in normal form; empty when none is.';
comment on column article_versions.publishing_agency is 'Agency on whose own site the article stands. Null for all other outlets.';
comment on column article_versions.published_at is 'Time of publication that the page states. Null when no source gives one that can be read.';
comment on column article_versions.published_raw is 'The statement behind published_at, as written. Null when there is none.';
comment on column article_versions.published_precision is 'How exactly published_at is stated: second, minute, day, month or year. Null when published_at is.';
comment on column article_versions.published_source is 'The signal that published_at rests on; see time_signals. Null when there is none.';
comment on column article_versions.published_zone is 'Time zone as stated, such as +02:00. Null when the page gives no zone (published_at then reads the clock time as UTC) or no time at all.';
comment on column article_versions.published_earliest is 'The article appeared not before this moment. Null when nothing bounds it.';
comment on column article_versions.published_latest is 'The article appeared not after this moment. Null when nothing bounds it.';
comment on column article_versions.modified_at is 'Time of the last edit that the page states. Null when it states none.';
comment on column article_versions.language is 'Language of the text, ISO 639-1; und when it can''t be told.';
comment on column article_versions.text is 'Clean text: the paragraphs, joined by an empty line. Offsets elsewhere count its characters from 0.';
comment on column article_versions.word_count is 'Words in text.';
comment on column article_versions.section is 'Section of the outlet. Null when the page names none.';
comment on column article_versions.tags is 'Keywords that the page gives; empty when it gives none.';
comment on column article_versions.image_url is 'Lead image. Null when the page names none.';
comment on column article_versions.is_paywalled is 'Whether the page says that its full text is for subscribers only. Null when it doesn''t say.';
comment on column article_versions.version is 'Number of the version, from 1 in the order in which they were seen.';
comment on column article_versions.first_seen_at is 'When the article, in any version, was first fetched.';
comment on column article_versions.fetched_at is 'When this version was fetched.';
comment on column article_versions.content_hash is 'Hash of the normalized text and title: two versions differ in it.';
comment on column article_versions.run_id is 'Run that made this row.';
comment on column article_versions.archive_file is 'WARC file that holds the response, relative to the archive folder.';
comment on column article_versions.archive_offset is 'Byte offset of the response''s record in archive_file.';
comment on column article_versions.rules_version is 'Version of the extraction and cleaning rules that made this row.';

create table story_articles (
    story varchar not null,
    article_id varchar not null,
    relevance double not null,
    matched_terms varchar[] not null,
    primary key (story, article_id)
);

comment on table story_articles is 'An article that is about a story.';
comment on column story_articles.story is 'The story.';
comment on column story_articles.article_id is 'The article.';
comment on column story_articles.relevance is 'Share of the story''s conditions that title or lead meet, 0.0 to 1.0.';
comment on column story_articles.matched_terms is 'The story''s terms that occur in it.';

create table paragraphs (
    article_id varchar not null,
    position integer not null,
    kind varchar not null,
    text varchar not null,
    word_count integer not null,
    start_char integer not null,
    is_original boolean,
    primary key (article_id, position)
);

comment on table paragraphs is 'A paragraph of the newest version of an article.';
comment on column paragraphs.article_id is 'The article.';
comment on column paragraphs.position is '0, 1, 2 … in reading order.';
comment on column paragraphs.kind is 'lead, text, heading, list, quote, caption or post (one entry of a live blog).';
comment on column paragraphs.text is 'The paragraph.';
comment on column paragraphs.word_count is 'Words in it.';
comment on column paragraphs.start_char is 'Where it starts in articles.text, in characters from 0.';
comment on column paragraphs.is_original is 'False when passages of an earlier article, or of an agency''s text that both ran, cover half of it or more. Null when such passages are there, but neither times nor credits prove whose they are. An agency is taken to be the author of what it publishes. Shared quotations don''t count.';

create table removed_blocks (
    article_id varchar not null,
    ordinal integer not null,
    position integer not null,
    text varchar not null,
    rule varchar not null,
    primary key (article_id, ordinal)
);

comment on table removed_blocks is 'Junk that was cut from the newest version of an article.';
comment on column removed_blocks.article_id is 'The article.';
comment on column removed_blocks.ordinal is '0, 1, 2 … in the order of the page.';
comment on column removed_blocks.position is 'The paragraph that it stood before.';
comment on column removed_blocks.text is 'What was cut.';
comment on column removed_blocks.rule is 'The rule that cut it.';

create table time_signals (
    article_id varchar not null,
    ordinal integer not null,
    signal varchar not null,
    value_raw varchar not null,
    value timestamptz,
    precision varchar,
    zone varchar,
    primary key (article_id, ordinal)
);

comment on table time_signals is 'One statement about when an article appeared: all the evidence, used or not.';
comment on column time_signals.article_id is 'The article.';
comment on column time_signals.ordinal is '0, 1, 2 … in the order found.';
comment on column time_signals.signal is 'Where it stands, such as jsonld:datePublished, url or feed.';
comment on column time_signals.value_raw is 'As written.';
comment on column time_signals.value is 'The moment that it states. Null when it can''t be read or is ambiguous.';
comment on column time_signals.precision is 'second, minute, day, month or year. Null when value is.';
comment on column time_signals.zone is 'Time zone as written. Null when there is none; value then reads the clock time as UTC.';

create table credit_signals (
    article_id varchar not null,
    ordinal integer not null,
    signal varchar not null,
    value_raw varchar not null,
    value varchar,
    confidence double not null,
    primary key (article_id, ordinal)
);

comment on table credit_signals is 'One statement about whose text an article is: all the evidence, used or not.';
comment on column credit_signals.article_id is 'The article.';
comment on column credit_signals.ordinal is '0, 1, 2 … in the order found.';
comment on column credit_signals.signal is 'Where it stands, such as byline, dateline or tail.';
comment on column credit_signals.value_raw is 'As written.';
comment on column credit_signals.value is 'Normal form of the agency''s name. Null when it names no agency that we know.';
comment on column credit_signals.confidence is 'How far it can be believed, 0.0 to 1.0.';

create table copies (
    article_id varchar not null,
    source_id varchar not null,
    containment double not null,
    source_containment double not null,
    jaccard double not null,
    shared_words integer not null,
    longest_run_words integer not null,
    kind varchar not null,
    direction varchar not null,
    common_agency varchar,
    primary key (article_id, source_id)
);

comment on table copies is 'A pair of articles that share text.';
comment on column copies.article_id is 'The later article where direction is source_first; else one of the two.';
comment on column copies.source_id is 'The earlier article where direction is source_first; else the other one.';
comment on column copies.containment is 'Share of the article''s words that lie in passages aligned with the source, 0.0 to 1.0.';
comment on column copies.source_containment is 'Share of the source''s words that lie in passages aligned with the article, 0.0 to 1.0.';
comment on column copies.jaccard is 'Shingles that both have over shingles that either has, 0.0 to 1.0.';
comment on column copies.shared_words is 'Equal words of both articles in aligned passages; of a text that repeats itself, each word once.';
comment on column copies.longest_run_words is 'Words in the longest run that both have word for word.';
comment on column copies.kind is 'exact, near, partial or quote.';
comment on column copies.direction is 'source_first when the times prove it, else unknown.';
comment on column copies.common_agency is 'Agency that both articles credit. Null when there is none.';

create table reused_passages (
    article_id varchar not null,
    paragraph integer not null,
    start_char integer not null,
    end_char integer not null,
    source_id varchar not null,
    source_paragraph integer not null,
    source_start_char integer not null,
    source_end_char integer not null,
    words integer not null,
    similarity double not null,
    primary key (article_id, source_id, start_char, source_start_char)
);

comment on table reused_passages is 'One aligned passage of a pair in copies. Offsets are characters of articles.text, from 0, end exclusive.';
comment on column reused_passages.article_id is 'As in copies.';
comment on column reused_passages.paragraph is 'Position of the article''s paragraph in which it starts.';
comment on column reused_passages.start_char is 'Start in the article''s text.';
comment on column reused_passages.end_char is 'End in the article''s text.';
comment on column reused_passages.source_id is 'As in copies.';
comment on column reused_passages.source_paragraph is 'Position of the source''s paragraph in which it starts.';
comment on column reused_passages.source_start_char is 'Start in the source''s text.';
comment on column reused_passages.source_end_char is 'End in the source''s text.';
comment on column reused_passages.words is 'Words of the article in it.';
comment on column reused_passages.similarity is 'Share of its words that are the same on both sides, 0.0 to 1.0.';

create table wire_groups (
    group_id varchar not null,
    article_id varchar not null,
    role varchar not null,
    agency varchar,
    primary key (article_id)
);

comment on table wire_groups is 'Membership of an article in a group of near-identical copies.';
comment on column wire_groups.group_id is 'The group.';
comment on column wire_groups.article_id is 'The article; it is in one group at most.';
comment on column wire_groups.role is 'origin for the one that stands for the group, copy for all others.';
comment on column wire_groups.agency is 'Agency whose text the group carries. Null when no member credits one.';

-- no key: url may be null and value may be long; the load keeps each statement once
create table legal_signals (
    host varchar not null,
    "at" timestamptz not null,
    signal varchar not null,
    value varchar not null,
    url varchar
);

comment on table legal_signals is 'What a site allowed when it was fetched; each statement when it was first met and after each change.';
comment on column legal_signals.host is 'The host that states it.';
comment on column legal_signals."at" is 'When it was met; the newest of a host, signal and page holds.';
comment on column legal_signals.signal is 'robots, crawl-delay, content-signal, tdm-reservation, tdm-policy, tdmrep (from tdmrep.json), meta robots or x-robots-tag.';
comment on column legal_signals.value is 'As stated; several statements of one kind are joined. "none stated" where there was one before.';
comment on column legal_signals.url is 'The page that it is about. Null when it holds for the whole host.';

create table internal.captures (
    run_id varchar not null,
    url varchar not null,
    final_url varchar not null,
    fetched_at timestamptz not null,
    status integer not null,
    media_type varchar not null,
    payload_digest varchar not null,
    archive_file varchar not null,
    archive_offset bigint not null,
    outcome varchar not null,
    reason varchar,
    article_id varchar,
    version integer,
    primary key (run_id, archive_file, archive_offset)
);

comment on table internal.captures is 'A response in the archive that a run looked at, with the one outcome it had.';
comment on column internal.captures.run_id is 'The run.';
comment on column internal.captures.url is 'The URL of its row in url_fates.';
comment on column internal.captures.final_url is 'Where redirects ended.';
comment on column internal.captures.fetched_at is 'When it was fetched.';
comment on column internal.captures.status is 'HTTP status; 200 for local material.';
comment on column internal.captures.media_type is 'Media type as declared.';
comment on column internal.captures.payload_digest is 'sha256:HEX of the body as received.';
comment on column internal.captures.archive_file is 'WARC file that holds it, relative to the archive folder.';
comment on column internal.captures.archive_offset is 'Byte offset of its record in archive_file.';
comment on column internal.captures.outcome is 'kept, unchanged, duplicate, rejected, failed or read.';
comment on column internal.captures.reason is 'Why. Null for kept, unchanged and read.';
comment on column internal.captures.article_id is 'The article that it is or repeats. Null when it is none.';
comment on column internal.captures.version is 'The version that it made or repeats. Null when it is no article.';

create table internal.migrations (
    version integer not null,
    name varchar not null,
    applied_at timestamptz not null,
    primary key (version)
);

comment on table internal.migrations is 'Schema changes that this file has seen, in order.';
comment on column internal.migrations.version is 'Number of the migration.';
comment on column internal.migrations.name is 'Name of its file.';
comment on column internal.migrations.applied_at is 'When it was applied.';

create table internal.editions (
    edition bigint not null,
    what varchar not null,
    made_at timestamptz not null,
    primary key (edition)
);

comment on table internal.editions is 'Every change to this file; a published snapshot carries the number of the newest in its name.';
comment on column internal.editions.edition is '1, 2, 3 … in order.';
comment on column internal.editions.what is 'What changed it, such as run 3f2a or migration 2.';
comment on column internal.editions.made_at is 'When, by the clock of the machine.';
