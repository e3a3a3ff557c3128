-- Outlet health by an outlet's own history: a source that is left alone, a layout that changed, a wall that came up.

create or replace view outlet_health as
with numbered as (
    select
        run_id,
        story,
        run_number,
        row_number() over (partition by story order by run_number desc) as age
    from runs
    where
        kind = 'run'
        and story is not null
),

-- the history that counts; so the view's cost doesn't grow for ever
crawls as (
    select
        run_id,
        story,
        run_number,
        age = 1 as is_latest
    from numbered
    where age <= 200
),

fates as (
    select
        crawls.story,
        crawls.run_id,
        crawls.run_number,
        crawls.is_latest,
        url_fates.outlet,
        url_fates.url,
        url_fates.source_url,
        url_fates.fate,
        url_fates.reason,
        url_fates.article_id,
        url_fates."at",
        url_fates.reason is not distinct from 'source_quiet' as is_left_alone,
        url_fates.fate = 'read'
        or url_fates.reason is not distinct from 'source_quiet'
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

left_alone as (
    select distinct
        story,
        outlet,
        url
    from fates
    where
        is_latest
        and is_left_alone
),

-- whose pages could not turn up in the latest crawl: a source that led to them wasn't due
resting as (
    select
        story,
        outlet
    from left_alone
    union
    select
        pages.story,
        pages.outlet
    from fates as pages
    inner join left_alone
        on
            pages.story = left_alone.story
            and pages.source_url = left_alone.url
    union
    select
        pages.story,
        pages.outlet
    from fates as pages
    inner join fates as sources
        on
            pages.story = sources.story
            and pages.run_number = sources.run_number
            and pages.source_url = sources.url
            and sources.is_source
    inner join left_alone
        on
            sources.story = left_alone.story
            and sources.source_url = left_alone.url
),

-- the crawl that speaks for each outlet: the latest, or for one that rests the last that looked
spoken as (
    select
        fates.story,
        fates.outlet,
        min(fates.run_number) as first_run_number,
        case
            when resting.outlet is null or bool_or(fates.is_latest and not fates.is_left_alone)
                then (
                    select max(crawls.run_number)
                    from crawls
                    where
                        crawls.story = fates.story
                        and crawls.is_latest
                )
            else max(fates.run_number) filter (where not fates.is_left_alone)
        end as run_number
    from fates
    left join resting
        on
            fates.story = resting.story
            and fates.outlet = resting.outlet
    group by
        fates.story,
        fates.outlet,
        resting.outlet
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
        count(*) filter (where not is_source and fate = 'skipped') as skipped,
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
        spoken.story,
        spoken.outlet,
        median(coalesce(counts.found, 0)) filter (
            where
            crawls.run_number < spoken.run_number
            and (counts.found is not null or resting.outlet is null)
        ) as usual
    from spoken
    inner join crawls
        on
            spoken.story = crawls.story
            and spoken.first_run_number <= crawls.run_number
    left join resting
        on
            spoken.story = resting.story
            and spoken.outlet = resting.outlet
    left join counts
        on
            spoken.story = counts.story
            and spoken.outlet = counts.outlet
            and crawls.run_number = counts.run_number
    group by
        spoken.story,
        spoken.outlet
),

-- the newest word on each page that was asked for, the newest page first
asked as (
    select
        story,
        outlet,
        run_id,
        fate,
        reason,
        fate = 'failed' as is_failed,
        fate = 'rejected' and reason not in ('off_topic', 'bad_line') as is_unreadable,
        row_number() over (
            partition by
                story,
                outlet
            order by
                run_number desc,
                "at" desc,
                url
        ) as age
    from (
        select *
        from fates
        where
            not is_source
            and fate in ('kept', 'unchanged', 'duplicate', 'rejected', 'failed')
        qualify
            row_number() over (
                partition by
                    story,
                    outlet,
                    url
                order by run_number desc
            ) = 1
    )
),

streaks as (
    select
        story,
        outlet,
        coalesce(min(age) filter (where not is_failed), count(*) + 1) - 1 as failed_in_a_row,
        coalesce(min(age) filter (where not is_failed and not is_unreadable), count(*) + 1) as first_readable,
        arg_min(run_id, age) filter (where not is_failed and not is_unreadable) as readable_run_id
    from asked
    group by
        story,
        outlet
),

recent as (
    select
        streaks.story,
        streaks.outlet,
        streaks.failed_in_a_row,
        streaks.readable_run_id,
        count(*) filter (where asked.is_unreadable and asked.age < streaks.first_readable) as unreadable_in_a_row,
        mode(asked.reason) filter (where asked.is_failed and asked.age <= streaks.failed_in_a_row) as failure,
        mode(asked.reason) filter (where asked.is_unreadable and asked.age < streaks.first_readable) as rejection
    from streaks
    inner join asked
        on
            streaks.story = asked.story
            and streaks.outlet = asked.outlet
    group by all
),

-- articles in the order in which they came: where only a teaser is left of each, the layout has changed
sized as (
    select
        fates.story,
        fates.outlet,
        article_versions.word_count,
        row_number() over (
            partition by
                fates.story,
                fates.outlet
            order by
                fates.run_number desc,
                fates."at" desc,
                fates.url
        ) as age
    from fates
    inner join article_versions
        on
            fates.article_id = article_versions.article_id
            and fates.run_id = article_versions.run_id
    where
        fates.fate = 'kept'
        and article_versions.version = 1
),

sizes as (
    select
        story,
        outlet,
        median(word_count) filter (where age <= 5) as words_now,
        median(word_count) filter (where age between 6 and 25) as words_before,
        count(*) filter (where age between 6 and 25) as before
    from sized
    group by
        story,
        outlet
),

judged as (
    select
        spoken.story,
        spoken.run_number,
        spoken.outlet,
        coalesce(counts.found, 0) as found,
        coalesce(counts.fetched, 0) as fetched,
        coalesce(counts.kept, 0) as kept,
        case
            when counts.fetched = 0 and counts.not_due = 0 and counts.failed > 0
                then format('all {} requests failed, mostly {}', counts.failed, counts.failure)
            when counts.fetched = 0 and counts.failed > 0 and recent.failed_in_a_row >= 3
                then format('the last {} requests failed, mostly {}', recent.failed_in_a_row, recent.failure)
            when counts.found = 0 and counts.sources_failed > 0 and counts.sources_read = 0
                then format('no source could be read: {}', counts.source_fault)
            when counts.found > 0 and counts.refused = counts.found
                then format('all {} URLs are refused, mostly {}', counts.refused, counts.refusal)
            when counts.refused >= 3 and counts.refused = counts.found - counts.skipped
                then format('all {} URLs asked for are refused, mostly {}', counts.refused, counts.refusal)
            when counts.fetched >= 3 and counts.unreadable = counts.fetched and recent.readable_run_id is null
                then format('none of {} pages reads as an article, mostly {}', counts.fetched, counts.rejection)
            when
                (counts.fetched >= 3 and counts.unreadable = counts.fetched)
                or (recent.unreadable_in_a_row >= 5 and coalesce(counts.unreadable, 0) = coalesce(counts.fetched, 0))
                then format(
                    'none of the last {} pages reads as an article, mostly {}{}',
                    recent.unreadable_in_a_row,
                    recent.rejection,
                    coalesce('; the last that did came in ' || recent.readable_run_id, '')
                )
            when sizes.before >= 5 and 4 * sizes.words_now < sizes.words_before
                then format(
                    'its articles have shrunk from {} words to {}: the layout may have changed',
                    cast(sizes.words_before as bigint),
                    cast(sizes.words_now as bigint)
                )
        end as fault,
        case
            when counts.found is null then 'nothing of it turned up in the latest run'
            when counts.kept > 0 or counts.not_due > 0 then null
            when counts.found = 0 then 'its sources name no page'
            when counts.out_of_window = counts.found
                then format('none of {} pages is inside the time window', counts.found)
            when counts.fetched > 0 then format('nothing about the story among {} pages fetched', counts.fetched)
            else format('no page of {} was fetched', counts.found)
        end as silence
    from spoken
    left join counts
        on
            spoken.story = counts.story
            and spoken.outlet = counts.outlet
            and spoken.run_number = counts.run_number
    left join recent
        on
            spoken.story = recent.story
            and spoken.outlet = recent.outlet
    left join sizes
        on
            spoken.story = sizes.story
            and spoken.outlet = sizes.outlet
)

select
    judged.story,
    crawls.run_id,
    judged.outlet,
    cast(coalesce(history.usual, judged.found) as bigint) as expected,
    judged.found,
    judged.fetched,
    judged.kept,
    case
        when judged.fault is not null then 'broken'
        when judged.silence is not null then 'silent'
        else 'ok'
    end as status,
    coalesce(judged.fault, judged.silence) as reason
from judged
inner join crawls
    on
        judged.story = crawls.story
        and crawls.is_latest
inner join history
    on
        judged.story = history.story
        and judged.outlet = history.outlet;

comment on view outlet_health is 'Each outlet that the sources of a story have named in its last 200 crawls, or links and WARC files in its latest one. Of an outlet whose sources are left alone for now, the numbers are of the last crawl that asked them.';
comment on column outlet_health.story is 'The story.';
comment on column outlet_health.run_id is 'The latest crawl of the story.';
comment on column outlet_health.outlet is 'The outlet.';
comment on column outlet_health.expected is 'Median of found in the story''s earlier crawls since the outlet was first heard of; found itself at the first.';
comment on column outlet_health.found is 'Pages that the crawl heard of, not counting feeds and sitemaps.';
comment on column outlet_health.fetched is 'Pages of those that gave a response to read.';
comment on column outlet_health.kept is 'Pages of those that are articles of the story, new or unchanged.';
comment on column outlet_health.status is 'ok; silent: it answers, but brings nothing for the story; broken: nothing can come from it as things are (no host, error answers, a bot check, pages without a text, a changed layout).';
comment on column outlet_health.reason is 'Why it is silent or broken. Null when it is ok.';
