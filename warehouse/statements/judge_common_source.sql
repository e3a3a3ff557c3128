-- Both hold an agency's text: neither copied the other, whether they credit it or not. The evidence is the agency's
-- own article in the warehouse, if it isn't proven to be later than either of them.

update copies
set
    common_agency = null,
    evidence = list_filter(evidence, lambda one: one <> 'agency_article')
where
    contains(coalesce(evidence, []), 'agency_article')
    and (
        article_id in (select touched_articles.article_id from touched_articles)
        or source_id in (select touched_articles.article_id from touched_articles)
    );

create temp table common_sources as
with candidates as (
    select
        article_id,
        source_id
    from copies
    where
        common_agency is null
        and kind <> 'quote'
        and (
            article_id in (select touched_articles.article_id from touched_articles)
            or source_id in (select touched_articles.article_id from touched_articles)
        )
),

agency_articles as (
    select
        article_id as agency_article_id,
        publishing_agency,
        published_earliest
    from articles
    where publishing_agency is not null
),

-- what an article shares with an agency's article, whichever of the two it is filed under
taken as (
    select
        reused_passages.article_id,
        agency_articles.agency_article_id,
        agency_articles.publishing_agency,
        agency_articles.published_earliest,
        reused_passages.start_char,
        reused_passages.end_char
    from reused_passages
    inner join agency_articles on reused_passages.source_id = agency_articles.agency_article_id
    union all
    select
        reused_passages.source_id,
        agency_articles.agency_article_id,
        agency_articles.publishing_agency,
        agency_articles.published_earliest,
        reused_passages.source_start_char,
        reused_passages.source_end_char
    from reused_passages
    inner join agency_articles on reused_passages.article_id = agency_articles.agency_article_id
),

-- each passage of a pair on both sides, and how much of it the agency's article holds
sides as (
    select
        candidates.article_id,
        candidates.source_id,
        reused_passages.article_id as side_id,
        reused_passages.start_char,
        reused_passages.end_char
    from candidates
    inner join reused_passages using (article_id, source_id)
    union all
    select
        candidates.article_id,
        candidates.source_id,
        reused_passages.source_id as side_id,
        reused_passages.source_start_char,
        reused_passages.source_end_char
    from candidates
    inner join reused_passages using (article_id, source_id)
),

lengths as (
    select
        article_id,
        source_id,
        side_id,
        sum(end_char - start_char) as chars
    from sides
    group by
        article_id,
        source_id,
        side_id
),

held as (
    select
        sides.article_id,
        sides.source_id,
        sides.side_id,
        taken.agency_article_id,
        taken.publishing_agency,
        sum(least(sides.end_char, taken.end_char) - greatest(sides.start_char, taken.start_char)) as chars
    from sides
    inner join articles on sides.side_id = articles.article_id
    inner join taken
        on
            sides.side_id = taken.article_id
            and sides.start_char < taken.end_char
            and sides.end_char > taken.start_char
            and taken.agency_article_id not in (sides.article_id, sides.source_id)
            and not coalesce(articles.published_latest < taken.published_earliest, false)
    group by
        sides.article_id,
        sides.source_id,
        sides.side_id,
        taken.agency_article_id,
        taken.publishing_agency
),

proven as (
    select
        held.article_id,
        held.source_id,
        held.publishing_agency
    from held
    inner join lengths using (article_id, source_id, side_id)
    where held.chars >= 0.8 * lengths.chars
    group by
        held.article_id,
        held.source_id,
        held.agency_article_id,
        held.publishing_agency
    having count(*) = 2
)

select
    article_id,
    source_id,
    min(publishing_agency) as agency
from proven
group by
    article_id,
    source_id;

update copies
set
    common_agency = common_sources.agency,
    evidence = list_append(coalesce(copies.evidence, []), 'agency_article')
from common_sources
where
    copies.article_id = common_sources.article_id
    and copies.source_id = common_sources.source_id;
