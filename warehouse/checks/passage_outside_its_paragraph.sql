-- A passage lies outside the paragraph that it names, or is empty.

with sides as (
    select
        article_id,
        paragraph,
        start_char,
        end_char
    from new_passages
    union all
    select
        source_id,
        source_paragraph,
        source_start_char,
        source_end_char
    from new_passages
)

select format('{}: paragraph {}, {} to {}', sides.article_id, sides.paragraph, sides.start_char, sides.end_char)
    as offender
from sides
left join known_paragraphs as paragraphs
    on
        sides.article_id = paragraphs.article_id
        and sides.paragraph = paragraphs.position
where
    paragraphs.article_id is null
    or sides.start_char < paragraphs.start_char
    or sides.end_char > paragraphs.start_char + length(paragraphs.text)
    or sides.end_char <= sides.start_char;
