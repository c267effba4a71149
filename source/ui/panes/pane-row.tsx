import {memo} from 'react';
import {columnsOf, cut} from '../../text/columns.js';
import {glyphOf, shareText} from '../../text/phrases.js';
import {rowColumnsOf} from '../grid-plan.js';
import {reviewing} from '../pane-source.js';
import {type PaneView} from '../run-views.js';
import {type Theme} from '../theme.js';
import {Line} from './line.js';
import {numberParts} from './number-parts.js';
import {fitted, joined, nameWithMarks, padded, span, toneOf} from './spans.js';

type Props = {
	readonly view: PaneView;
	readonly width: number;
	readonly isFocused: boolean;
	readonly theme: Theme;
};

/**
An instance in one line: who, what it does, its confidence, its figures, and the end of its text or why it has none. Where there is room for one of them alone, what is said of it comes before that it has answered.
*/
export const PaneRow = memo(({view, width, isFocused, theme}: Props) => {
	const {head, kind, lines} = view;
	const {number, name, marks, state, word, confidence, numbers} = head;
	const columns = rowColumnsOf(width);
	const {name: shown, about} = nameWithMarks(name, marks, columns.name);
	const why = head.failure ?? head.whyNot ?? head.inside;
	const unsaid =
		about === '' && marks.length > 0 ? `${marks.join(', ')} · ` : '';
	const said =
		unsaid !== '' && columns.snippet === 0 && state === 'answered'
			? marks[0]!
			: word;
	const end = `${unsaid}${why ?? endOf(lines, columns.snippet - columnsOf(unsaid))}`;
	const figures = joined(numberParts(numbers, state), columns.numbers);

	return (
		<Line
			spans={fitted(
				[
					span(isFocused ? '▸' : ' ', 'accent'),
					span(
						`${String(number).padStart(3)} `,
						isFocused ? 'selected' : 'heading',
					),
					span(`${glyphOf(state)} `, toneOf(state)),
					span(shown, isFocused ? 'selected' : 'heading'),
					span(padded(about, columns.name - columnsOf(shown)), 'accent'),
					span(
						` ${padded(said === reviewing ? 'reviewing' : said, columns.word)}`,
						toneOf(state),
					),
					span(
						(confidence === null ? '' : shareText(confidence)).padStart(5),
						'accent',
					),
					span(
						columns.numbers > 0 ? `  ${padded(figures, columns.numbers)}` : '',
						'dim',
					),
					span(
						columns.snippet > 0 ? `  ${cut(end, columns.snippet)}` : '',
						kind === 'answer' && why === null ? 'plain' : 'dim',
					),
				],
				width,
			)}
			theme={theme}
		/>
	);
});

/**
As much of the end of a text as there is room for, so that a line of one word does not stand alone.
*/
function endOf(lines: readonly string[], room: number): string {
	const text = lines
		.map(line => line.trim())
		.filter(line => line !== '')
		.join(' ');
	const over = columnsOf(text) - room;

	return over > 0 ? `…${cutStart(text, over + 1)}` : text;
}

/**
A text without its first `columns` columns, and without the rest of a word that was cut.
*/
function cutStart(text: string, columns: number): string {
	let left = columns;
	let from = 0;

	for (const character of text) {
		if (left <= 0) {
			break;
		}

		left -= columnsOf(character);
		from += character.length;
	}

	return text.slice(from);
}
