import {aboutCheck} from './consortium-rows.js';
import {type Form, fieldAt} from './form.js';
import {entriesFor, suggestionsFor} from './form-completion.js';
import {type ChoiceField} from './form-draft.js';
import {fieldsOf, meanings, type Field} from './form-fields.js';
import {
	editorRows,
	fitted,
	fieldWidth,
	oneLine,
	paragraph,
	piece,
	spread,
	type Face,
	type Room,
	type Row,
} from './rows.js';

const mostLines = 6;

export function formFace(form: Form, {columns, rows}: Room): Face {
	const focused = fieldAt(form);
	const status = statusRows(form, columns).slice(0, Math.floor(rows / 3));
	const blocks = fieldsOf(form.draft).map(field => ({
		isFocused: field.id === focused.id,
		rows: blockOf(form, field, field.id === focused.id, columns),
	}));
	const height = rows - status.length - 1;
	const all = blocks.flatMap(block => block.rows);
	const before = blocks
		.slice(
			0,
			blocks.findIndex(({isFocused}) => isFocused),
		)
		.reduce((sum, block) => sum + block.rows.length, 0);
	const from = Math.max(
		0,
		Math.min(before - Math.floor(height / 3), all.length - height),
	);
	const {original, replaces} = form;

	return {
		title:
			replaces === null
				? 'A new consortium'
				: `Consortium ${oneLine(original.name)}`,
		note: [from > 0 && '↑', from + height < all.length && '↓ more']
			.filter(Boolean)
			.join(' '),
		rows: [
			...Array.from({length: height}, (_, row) => all[from + row] ?? []),
			[piece('─'.repeat(columns), 'dim')],
			...status,
		],
		keys: keysFor(form, focused),
	};
}

function statusRows(form: Form, columns: number): Row[] {
	const {reading, check, remark, saving} = form;
	const {size} = reading.mistakes;

	if (remark !== '' || saving) {
		return paragraph(remark || 'saving…', columns, {tone: 'warn'});
	}

	return size > 0
		? [
				[
					piece(
						`✗ ${size} mistake${size === 1 ? '' : 's'} to put right before it can be saved`,
						'warn',
					),
				],
			]
		: aboutCheck(check, columns, fieldWidth);
}

/**
A field with all that stands under it.
*/
function blockOf(
	form: Form,
	field: Field,
	isFocused: boolean,
	columns: number,
): Row[] {
	const width = columns - fieldWidth;
	const mistake = form.reading.mistakes.get(field.id);
	const [first, ...others] = valueRows(form, field, isFocused, width);
	const below: Row[] = [
		...others,
		...(isFocused ? suggestionRows(form, field, width) : []),
		...(isFocused && form.completion === null && field.about !== ''
			? paragraph(field.about, width, {tone: 'dim'})
			: []),
		...(mistake === undefined
			? []
			: paragraph(mistake, width, {before: '✗ ', tone: 'bad'})),
	];
	const label = [
		piece(isFocused ? '› ' : '  ', 'accent'),
		piece(field.label.padEnd(fieldWidth - 2), isFocused ? 'accent' : 'dim'),
	];

	return [
		[...label, ...first!],
		...below.map((row): Row => [piece(' '.repeat(fieldWidth)), ...row]),
	].map(row => fitted(row, columns));
}

function valueRows(
	{draft}: Form,
	{id, kind, hint}: Field,
	isFocused: boolean,
	columns: number,
): Row[] {
	if (kind === 'add') {
		return [[piece(hint, isFocused ? 'selected' : 'dim')]];
	}

	if (kind === 'choice') {
		const value = draft.choices[id as ChoiceField];
		return [
			[
				piece(
					isFocused ? `‹ ${value} ›` : value,
					isFocused ? 'selected' : 'plain',
				),
				piece(`  ${meanings[value] ?? ''}`, 'dim'),
			],
		];
	}

	const editor = draft.texts[id]!;
	const hinted = editor.text === '' ? [piece(hint, 'dim')] : [];

	if (!isFocused) {
		const [line, ...rest] = editor.text.split('\n');
		const more = rest.length > 0 ? `  (${rest.length + 1} lines)` : '';
		return [[piece(line!), piece(more, 'dim'), ...hinted]];
	}

	const rows = editorRows(editor, {
		columns,
		rows: kind === 'lines' ? mostLines : 1,
	});
	return editor.text === '' ? [[...rows[0]!, ...hinted]] : rows;
}

function suggestionRows(form: Form, field: Field, columns: number): Row[] {
	const {completion} = form;

	return completion
		? suggestionsFor(completion, entriesFor(field, form)).map(
				({name, about}, index) => {
					const isPicked = index === completion.index;
					return spread(
						[
							piece(isPicked ? '› ' : '  ', 'accent'),
							piece(name, isPicked ? 'accent' : 'plain'),
							piece('  '),
							...(field.kind === 'names' ? about : []),
						],
						field.kind === 'names' ? [] : about,
						columns,
					);
				},
			)
		: [];
}

function keysFor({completion}: Form, {kind, member}: Field): string {
	const own = completion
		? ['Tab complete']
		: {
				choice: ['←→ choose'],
				lines: ['Ctrl+J new line', 'Ctrl+G in your editor'],
				add: ['Enter add'],
				line: [],
				names: [],
				spec: [],
				specs: [],
			}[kind];

	return [
		...own,
		'Ctrl+S save',
		'Esc leave',
		...(member
			? ['Ctrl+N add', 'Ctrl+X remove', 'Alt+↑↓ move', 'Ctrl+O details']
			: ['↑↓ fields']),
	].join(' · ');
}
