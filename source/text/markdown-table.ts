import {type Tokens} from 'marked';
import {spansOf} from './markdown-inline.js';
import {columnsIn, wrappedSpans, type Line, type Span} from './spans.js';

const gap = 2;

/**
A table with its columns aligned where it is not wider than `width`, else a line `name: value` for each cell, and an empty line between two rows.
*/
export function tableLines(
	{header, rows, align}: Tokens.Table,
	width: number,
): Line[] {
	const names = header.map(cell => lineOf(cell));
	const values = rows.map(row => row.map(cell => lineOf(cell)));
	const widths = names.map((name, column) =>
		values.reduce(
			(most, row) => Math.max(most, columnsIn(row[column] ?? [])),
			columnsIn(name),
		),
	);
	const sum = widths.reduce((total, each) => total + each + gap, -gap);

	if (sum > width) {
		return listed(names, values, width);
	}

	const rule: Line = [
		{
			text: widths.map(each => '─'.repeat(each)).join(' '.repeat(gap)),
			mark: 'quiet',
		},
	];
	const aligned = [names, ...values].map(row => alignedRow(row, widths, align));
	return [aligned[0]!, rule, ...aligned.slice(1)];
}

function lineOf({tokens, header}: Tokens.TableCell): Line {
	return spansOf(tokens, header ? 'strong' : 'plain').map(({text, mark}) => ({
		text: text.replaceAll('\n', ' '),
		mark,
	}));
}

function alignedRow(
	row: readonly Line[],
	widths: readonly number[],
	align: Tokens.Table['align'],
): Line {
	return row
		.flatMap((cell, column): Span[] => {
			const free = widths[column]! - columnsIn(cell);
			const before =
				align[column] === 'right'
					? free
					: align[column] === 'center'
						? Math.floor(free / 2)
						: 0;
			const after = column === row.length - 1 ? 0 : free - before + gap;
			return [spaces(before), ...cell, spaces(after)];
		})
		.filter(({text}) => text !== '');
}

const spaces = (count: number): Span => ({
	text: ' '.repeat(count),
	mark: 'plain',
});

function listed(
	names: readonly Line[],
	rows: ReadonlyArray<readonly Line[]>,
	width: number,
): Line[] {
	if (rows.length === 0) {
		return names.flatMap(name => wrappedSpans(name, width));
	}

	return rows.flatMap((row, index) => [
		...(index > 0 ? [[]] : []),
		...row.flatMap((cell, column) =>
			wrappedSpans(
				[...names[column]!, {text: ': ', mark: 'strong'}, ...cell],
				width,
			),
		),
	]);
}
