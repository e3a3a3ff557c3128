-- Title: Do outlets of one country, owner or type copy from each other?
-- About: Own words of one outlet that another took, by what the table of `wirecopy import-outlets` says of both, in pairs whose direction is proven; outlets that it leaves out have no name here.
-- Parameter by: country, owner, type or another column of the table; owner without it
-- Parameter story: name of a story; all stories without it

with kinds as (
    select
        outlet,
        case coalesce($by, 'owner')
            when 'country' then country
            when 'owner' then owner
            when 'type' then type
            else if(
                exists (select 1 from outlets where extra ->> $by is not null),
                extra ->> $by,
                error('the table of outlets has no column ' || $by)
            )
        end as kind
    from outlets
),

taken as (
    select
        reused_passages.article_id,
        reused_passages.source_id,
        sum(reused_passages.words) as words
    from reused_passages
    inner join paragraphs
        on
            reused_passages.source_id = paragraphs.article_id
            and reused_passages.source_paragraph = paragraphs.position
    where paragraphs.is_original
    group by
        reused_passages.article_id,
        reused_passages.source_id
)

select
    copier.kind,
    origin.kind as source_kind,
    count(*) as pairs,
    count(distinct articles.outlet) as outlets_copying,
    cast(sum(taken.words) as bigint) as words_copied
from copies
inner join taken using (article_id, source_id)
inner join articles using (article_id)
inner join articles as sources on copies.source_id = sources.article_id
left join kinds as copier on articles.outlet = copier.outlet
left join kinds as origin on sources.outlet = origin.outlet
where
    copies.direction = 'source_first'
    and copies.kind <> 'quote'
    and articles.outlet <> sources.outlet
    and (
        $story is null
        or exists (
            select 1
            from story_articles
            where
                story_articles.article_id = articles.article_id
                and story_articles.story = $story
        )
    )
group by
    copier.kind,
    origin.kind
order by
    words_copied desc,
    copier.kind nulls last,
    origin.kind nulls last;
