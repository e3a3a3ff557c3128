-- The counts behind a story's one-sentence answer; no row if there is no such story.

with of_story as (
    select articles.*
    from articles
    inner join story_articles using (article_id)
    where story_articles.story = $story
),

groups as (
    select
        wire_groups.group_id,
        max(wire_groups.agency) as agency,
        count(*) as members,
        max(of_story.outlet) filter (where wire_groups.role = 'origin') as outlet
    from wire_groups
    inner join of_story using (article_id)
    group by wire_groups.group_id
),

largest_group as (
    select *
    from groups
    where members > 1
    order by
        members desc,
        group_id
    limit 1
),

dated as (
    select *
    from of_story
    where published_at is not null
),

earliest as (
    select *
    from dated
    order by
        coalesce(published_latest, published_at),
        published_at,
        article_id
    limit 1
)

select
    stories.story,
    stories.title,
    stories.since,
    stories.until,
    (select count(*) from of_story) as articles,
    (select count(distinct outlet) from of_story) as outlets,
    (select count(*) from of_story) - (select coalesce(sum(members - 1), 0)::bigint from groups) as originals,
    (select outlet from largest_group) as largest_group_outlet,
    (select agency from largest_group) as largest_group_agency,
    coalesce((select members from largest_group), 0) as largest_group_size,
    (select outlet from earliest) as first_outlet,
    (select published_at from earliest) as first_published_at,
    -- proven: even read as late as possible, it appeared before every other could have
    coalesce(
        (
            select bool_and(dated.published_earliest > earliest.published_latest)
            from dated
            cross join earliest
            where dated.article_id <> earliest.article_id
        ),
        true
    )
    and (select count(*) from of_story) = (select count(*) from dated) as first_is_proven
from stories
where stories.story = $story
