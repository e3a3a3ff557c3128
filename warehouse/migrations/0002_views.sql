-- The views of the contract.

create view originals as
with copies_per_group as (
    select
        group_id,
        count(*) - 1 as copy_count
    from wire_groups
    group by group_id
)
select
    articles.article_id,
    articles.url,
    articles.canonical_url,
    articles.outlet,
    articles.outlet_name,
    articles.title,
    articles.subtitle,
    articles.byline_raw,
    articles.authors,
    articles.agencies,
    articles.publishing_agency,
    articles.published_at,
    articles.published_raw,
    articles.published_precision,
    articles.published_source,
    articles.published_zone,
    articles.published_earliest,
    articles.published_latest,
    articles.modified_at,
    articles.language,
    articles.text,
    articles.word_count,
    articles.section,
    articles.tags,
    articles.image_url,
    articles.is_paywalled,
    articles.version,
    articles.first_seen_at,
    articles.fetched_at,
    articles.content_hash,
    coalesce(copies_per_group.copy_count, 0) as copy_count
from articles
left join wire_groups using (article_id)
left join copies_per_group using (group_id)
where wire_groups.role is null or wire_groups.role = 'origin';

comment on view originals is 'Coverage without copies: articles in no group, and one article for each group.';
comment on column originals.article_id is 'Short stable id of the article, derived from its URL.';
comment on column originals.url is 'Canonical URL under which the article is filed; file:NAME for a local text.';
comment on column originals.canonical_url is 'What the page itself declares as its canonical URL. Null when it declares none.';
comment on column originals.outlet is 'Publisher: the registered domain, or the host of an address; file for a local text that names none.';
comment on column originals.outlet_name is 'Publisher''s name as the page, the feed or the input states it. Null when none of them does.';
comment on column originals.title is 'Headline. Null when the page has none.';
comment on column originals.subtitle is 'Standfirst under the headline. Null when the page has none.';
comment on column originals.byline_raw is 'Who signs it, as written. Null when nobody does.';
comment on column originals.authors is 'Persons, and agencies that sign as authors, named by the byline or the page''s metadata; empty when none is.';
comment on column originals.agencies is 'News agencies credited with the text, in normal form; empty when none is.';
comment on column originals.publishing_agency is 'Agency on whose own site the article stands. Null for all other outlets.';
comment on column originals.published_at is 'Time of publication that the page states. Null when no source gives one that can be read.';
comment on column originals.published_raw is 'The statement behind published_at, as written. Null when there is none.';
comment on column originals.published_precision is 'How exactly published_at is stated: second, minute, day, month or year. Null when published_at is.';
comment on column originals.published_source is 'The signal that published_at rests on; see time_signals. Null when there is none.';
comment on column originals.published_zone is 'Time zone as stated, such as +02:00. Null when the page gives no zone (published_at then reads the clock time as UTC) or no time at all.';
comment on column originals.published_earliest is 'The article appeared not before this moment. Null when nothing bounds it.';
comment on column originals.published_latest is 'The article appeared not after this moment. Null when nothing bounds it.';
comment on column originals.modified_at is 'Time of the last edit that the page states. Null when it states none.';
comment on column originals.language is 'Language of the text, ISO 639-1; und when it can''t be told.';
comment on column originals.text is 'Clean text: the paragraphs, joined by an empty line. Offsets elsewhere count its characters from 0.';
comment on column originals.word_count is 'Words in text.';
comment on column originals.section is 'Section of the outlet. Null when the page names none.';
comment on column originals.tags is 'Keywords that the page gives; empty when it gives none.';
comment on column originals.image_url is 'Lead image. Null when the page names none.';
comment on column originals.is_paywalled is 'Whether the page says that its full text is for subscribers only. Null when it doesn''t say.';
comment on column originals.version is 'Number of the version, from 1 in the order in which they were seen.';
comment on column originals.first_seen_at is 'When the article, in any version, was first fetched.';
comment on column originals.fetched_at is 'When this version was fetched.';
comment on column originals.content_hash is 'Hash of the normalized text and title: two versions differ in it.';
comment on column originals.copy_count is 'Other articles of its group; 0 when it is in none.';

create view outlet_health as
with crawls as (
    select
        run_id,
        story,
        run_number,
        run_number = max(run_number) over (partition by story) as is_latest
    from runs
    where
        kind = 'run'
        and story is not null
),

fates as (
    select
        crawls.story,
        crawls.run_number,
        url_fates.outlet,
        url_fates.fate,
        url_fates.reason,
        url_fates.fate = 'read'
        or (url_fates.source_url is null and url_fates.via in ('feed', 'sitemap', 'site')) as is_source
    from crawls
    inner join url_fates using (run_id)
    where
        url_fates.outlet is not null
        and not (url_fates.via = 'search' and url_fates.source_url is null)
        and url_fates.reason is distinct from 'not_offered'
        -- what a link or a WARC file named once is not expected to turn up again
        and (crawls.is_latest or url_fates.via not in ('link', 'archive'))
),

outlets as (
    select
        story,
        outlet,
        min(run_number) as first_run_number
    from fates
    group by
        story,
        outlet
),

counts as (
    select
        story,
        run_number,
        outlet,
        count(*) filter (where not is_source) as found,
        count(*) filter (where not is_source and fate in ('kept', 'unchanged', 'duplicate', 'rejected')) as fetched,
        count(*) filter (where not is_source and fate in ('kept', 'unchanged')) as kept,
        count(*) filter (where not is_source and fate = 'failed') as failed,
        count(*) filter (where not is_source and fate = 'refused') as refused,
        count(*) filter (where not is_source and reason = 'not_due') as not_due,
        count(*) filter (where not is_source and reason = 'out_of_window') as out_of_window,
        count(*) filter (
            where
            not is_source
            and fate = 'rejected'
            and reason not in ('off_topic', 'bad_line')
        ) as unreadable,
        count(*) filter (where is_source and fate = 'read') as sources_read,
        count(*) filter (where is_source and fate in ('failed', 'refused')) as sources_failed,
        mode(reason) filter (where is_source and fate in ('failed', 'refused')) as source_fault,
        mode(reason) filter (where not is_source and fate = 'failed') as failure,
        mode(reason) filter (where not is_source and fate = 'refused') as refusal,
        mode(reason) filter (where not is_source and fate = 'rejected') as rejection
    from fates
    group by
        story,
        run_number,
        outlet
),

history as (
    select
        outlets.story,
        outlets.outlet,
        median(coalesce(counts.found, 0)) filter (where not crawls.is_latest) as usual
    from outlets
    inner join crawls
        on
            outlets.story = crawls.story
            and outlets.first_run_number <= crawls.run_number
    left join counts
        on
            outlets.story = counts.story
            and outlets.outlet = counts.outlet
            and crawls.run_number = counts.run_number
    group by
        outlets.story,
        outlets.outlet
),

latest as (
    select
        outlets.story,
        crawls.run_id,
        outlets.outlet,
        counts.* exclude (story, run_number, outlet)
    from outlets
    inner join crawls
        on
            outlets.story = crawls.story
            and crawls.is_latest
    left join counts
        on
            outlets.story = counts.story
            and outlets.outlet = counts.outlet
            and crawls.run_number = counts.run_number
),

judged as (
    select
        story,
        run_id,
        outlet,
        coalesce(found, 0) as found,
        coalesce(fetched, 0) as fetched,
        coalesce(kept, 0) as kept,
        case
            when found is null then 'nothing of it turned up in the latest run'
            when fetched = 0 and not_due = 0 and failed > 0 then format('all {} requests failed, mostly {}', failed, failure)
            when found = 0 and sources_failed > 0 and sources_read = 0
                then format('no source could be read: {}', source_fault)
            when found > 0 and refused = found then format('all {} URLs are refused, mostly {}', refused, refusal)
            when fetched >= 3 and unreadable = fetched
                then format('none of {} pages reads as an article, mostly {}', fetched, rejection)
            when kept > 0 or not_due > 0 then null
            when found = 0 then 'its sources name no page'
            when out_of_window = found then format('none of {} pages is inside the time window', found)
            when fetched > 0 then format('nothing about the story among {} pages fetched', fetched)
            else format('no page of {} was fetched', found)
        end as reason,
        coalesce(
            (fetched = 0 and not_due = 0 and failed > 0)
            or (found = 0 and sources_failed > 0 and sources_read = 0)
            or (found > 0 and refused = found)
            or (fetched >= 3 and unreadable = fetched),
            false
        ) as is_broken
    from latest
)

select
    judged.story,
    judged.run_id,
    judged.outlet,
    cast(coalesce(history.usual, judged.found) as bigint) as expected,
    judged.found,
    judged.fetched,
    judged.kept,
    case
        when judged.is_broken then 'broken'
        when judged.reason is null then 'ok'
        else 'silent'
    end as status,
    judged.reason
from judged
inner join history
    on
        judged.story = history.story
        and judged.outlet = history.outlet;

comment on view outlet_health is 'Each outlet that the sources of a story have ever named, or links and WARC files in its latest crawl, as of that crawl.';
comment on column outlet_health.story is 'The story.';
comment on column outlet_health.run_id is 'The latest crawl of the story.';
comment on column outlet_health.outlet is 'The outlet.';
comment on column outlet_health.expected is 'Median of found in the story''s earlier crawls since the outlet was first heard of; found itself at the first.';
comment on column outlet_health.found is 'Pages that the crawl heard of, not counting feeds and sitemaps.';
comment on column outlet_health.fetched is 'Pages of those that gave a response to read.';
comment on column outlet_health.kept is 'Pages of those that are articles of the story, new or unchanged.';
comment on column outlet_health.status is 'ok; silent: it answers, but brings nothing for the story; broken: nothing can come from it as things are.';
comment on column outlet_health.reason is 'Why it is silent or broken. Null when it is ok.';
