import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {renderToString} from 'ink';
import {columnsOf} from '../../../source/text/columns.js';
import {commands} from '../../../source/ui/commands.js';
import {helpSections, keysOfCommands} from '../../../source/ui/keymap.js';
import {confirmOf} from '../../../source/ui/overlays/confirm.js';
import {conversationsOf} from '../../../source/ui/overlays/conversations.js';
import {costsOf} from '../../../source/ui/overlays/costs.js';
import {faceOf} from '../../../source/ui/overlays/face.js';
import {formOf} from '../../../source/ui/overlays/form.js';
import {helpOf} from '../../../source/ui/overlays/help.js';
import {keyEntryOf} from '../../../source/ui/overlays/key-entry.js';
import {modelPickerOf} from '../../../source/ui/overlays/model-picker.js';
import {
	overlayLoaded,
	pressOverlay,
	type Overlay,
	type Space,
} from '../../../source/ui/overlays/overlay.js';
import {OverlayView} from '../../../source/ui/overlays/overlay-view.js';
import {paletteOf} from '../../../source/ui/overlays/palette.js';
import {readerOf} from '../../../source/ui/overlays/reader.js';
import {switcherOf} from '../../../source/ui/overlays/switcher.js';
import {type Loaded} from '../../../source/ui/requests.js';
import {themeNames, themes, type ThemeName} from '../../../source/ui/theme.js';
import {
	after,
	anyOverlayKey,
	choices,
	conversationEntries,
	keys,
	models,
	space,
	told,
	trio,
	typed,
} from '../../helpers/overlays.js';
import {turnWith} from '../../helpers/turns.js';

const hostile = '\u001B[31mred\u001B]0;x\u0007\n\r\t\u202Erev 日本 👩‍🚀 é'.repeat(
	9,
);
const evil = {
	...trio,
	name: hostile,
	system: hostile,
	members: trio.members.map(member => ({...member, model: hostile})),
};

const loads: readonly Loaded[] = [
	{
		kind: 'consortiums',
		choices: [...choices, {kind: 'saved', consortium: evil, isDefault: false}],
	},
	{
		kind: 'models',
		models: [
			...models,
			{name: hostile, isReady: false, inputUsd: null, outputUsd: 0.1},
		],
	},
	{
		kind: 'keys',
		keys: [...keys, {provider: hostile, source: hostile, variables: []}],
	},
	{
		kind: 'check',
		consortium: trio,
		check: {problems: [hostile], warnings: [hostile], forecast: null},
	},
	{
		kind: 'conversations',
		query: '',
		before: null,
		entries: [
			...conversationEntries(20),
			{...conversationEntries(1)[0]!, title: hostile, consortium: hostile},
		],
	},
	{kind: 'edited', before: '', text: hostile},
];

const overlays: ReadonlyArray<readonly [string, () => Overlay]> = [
	['switcher', () => switcherOf(choices, choices[1]!)],
	['form', () => formOf(trio, 'trio')],
	['form of hostile text', () => formOf(evil, null)],
	['palette', () => paletteOf(commands, keysOfCommands())],
	['help', () => helpOf(helpSections())],
	['costs', () => costsOf()],
	['conversations', () => conversationsOf()],
	['model picker', () => modelPickerOf(hostile, null)],
	['key entry', () => keyEntryOf(null)],
	['key field', () => keyEntryOf('openai')],
	['confirm', () => confirmOf(hostile, {type: 'leave'})],
	['reader', () => readerOf(hostile, hostile.repeat(20))],
	['plain reader', () => readerOf('Raw', hostile.repeat(20), 'plain')],
];

const screen = {
	...space.screen,
	turns: [turnWith({consortium: hostile, prompt: hostile}), turnWith()],
};
const spaces = [
	{columns: 60, rows: 14, screen},
	{columns: 80, rows: 22, screen},
	{columns: 120, rows: 38, screen},
] as const satisfies readonly Space[];

const everyLoad = (overlay: Overlay) =>
	loads.reduce(
		(now, loaded) => overlayLoaded(now, loaded).overlay ?? now,
		overlay,
	);

const drawn = (
	overlay: Overlay,
	place: Space = spaces[1],
	theme: ThemeName = 'plain',
) =>
	renderToString(
		<OverlayView
			{...place}
			overlay={overlay}
			theme={themes[theme]}
			onRequest={() => undefined}
			onClose={() => undefined}
		/>,
		{columns: place.columns},
	);

test('an overlay fills its space and leaves nothing of it, in every theme', () => {
	for (const [name, overlayOf] of overlays) {
		for (const overlay of [overlayOf(), everyLoad(overlayOf())]) {
			for (const place of spaces) {
				for (const theme of themeNames) {
					const lines = drawn(overlay, place, theme).split('\n');
					const where = `${name}, ${place.columns}, ${theme}`;
					assert.equal(lines.length, place.rows, where);
					assert.ok(
						lines.every(line => columnsOf(line) <= place.columns),
						where,
					);
					assert.match(lines[0]!, /─/, where);
					assert.match(lines.at(-1)!, /Esc|Enter/, where);
				}
			}
		}
	}
});

test('nothing that is drawn does anything to the terminal', () => {
	for (const [name, overlayOf] of overlays) {
		for (const place of spaces) {
			const face = faceOf(everyLoad(overlayOf()), place);
			const text = [
				face.note,
				...face.rows.flatMap(row => row.map(each => each.text)),
			].join('');
			assert.doesNotMatch(text, /[\0-\u001F\u007F-\u009F\u202E]/, name);
		}
	}
});

test('whatever is pressed, an overlay stays within its space', () => {
	const seen = new Map<string, number>();

	fc.assert(
		fc.property(
			fc.constantFrom(...overlays),
			fc.constantFrom(...spaces),
			fc.array(
				fc.oneof(
					{weight: 5, arbitrary: anyOverlayKey},
					{weight: 1, arbitrary: fc.constantFrom(...loads)},
				),
				{maxLength: 30},
			),
			([name, overlayOf], place, happenings) => {
				let stack: Overlay[] = [overlayOf()];

				for (const each of happenings) {
					const top = stack.at(-1)!;
					const {overlay, opens} =
						'chord' in each
							? pressOverlay(top, each, place)
							: overlayLoaded(top, each);
					stack = [
						...stack.slice(0, -1),
						...(overlay ? [overlay] : []),
						...(opens ? [opens] : []),
					];
					if (stack.length === 0) {
						break;
					}

					const {rows} = faceOf(stack.at(-1)!, place);
					assert.ok(rows.length <= place.rows - 2, name);
					seen.set(name, (seen.get(name) ?? 0) + 1);
				}
			},
		),
		{numRuns: 400},
	);

	assert.equal(seen.size, overlays.length);
});

test('until the data have come it says that it looks for them', () => {
	for (const overlay of [
		switcherOf([], null),
		modelPickerOf('a#1', null),
		keyEntryOf(null),
		conversationsOf(),
	]) {
		assert.match(drawn(overlay), /looking…/);
		assert.doesNotMatch(
			drawn(everyLoad(overlay)).split('\n', 1)[0]!,
			/looking…/,
		);
	}
});

test('the one that is picked has a sign beside its look', () => {
	for (const overlay of [
		switcherOf(choices, choices[1]!),
		paletteOf(commands, new Map()),
		told(conversationsOf(), loads[4]!),
		told(modelPickerOf('a#1', null), loads[1]!),
		told(keyEntryOf(null), loads[2]!),
		confirmOf('Leave?', null),
		formOf(trio, 'trio'),
	]) {
		const picked = drawn(overlay)
			.split('\n')
			.filter(line => line.startsWith(' › '));
		assert.equal(picked.length, 1, overlay.type);
	}
});

test('the switcher shows names, numbers, the default, and what is picked in full', () => {
	const overlay = told(
		switcherOf(choices, choices[1]!),
		{kind: 'consortiums', choices},
		{
			kind: 'check',
			consortium: trio,
			check: {
				problems: ['OpenAI has no key.'],
				warnings: [],
				forecast: null,
			},
		},
	);

	for (const place of spaces) {
		const frame = drawn(overlay, place);
		assert.match(frame, / 1 solo/);
		assert.match(frame, /› 2 trio \* .*in use/);
		assert.match(frame, /3 demo .*built in/);
		assert.match(frame, /✗ OpenAI has no key\./);
		assert.match(frame, /members +gpt-6-luna:3\?temperature=0.2/);
	}

	assert.match(drawn(overlay), /until +any ≥ 80%, 1 to 3 iterations/);
});

test('a form shows each field, its mistakes, and what may complete it', () => {
	const form = told(formOf(trio, 'trio'), {kind: 'models', models});
	const frame = drawn(form, spaces[2]);

	for (const words of [
		/› name +trio/,
		/member 1 +gpt-6-luna:3\?temperature=0.2/,
		/system +Doubt\. {2}\(2 lines\)/,
		/weight +2/,
		/\+ add a member/,
		/arbiter +claude-opus-5-5/,
		/threshold +80%/,
		/budget \$ +0\.5/,
		/timeout s +600/,
		/system +built in/,
		/Ctrl\+S save/,
	]) {
		assert.match(frame, words);
	}

	const typing = typed(
		after(
			form,
			'down',
			'ctrl+end',
			...Array.from({length: 40}, () => 'backspace'),
		),
		'flash:',
	);
	assert.match(drawn(typing), /✗ 'flash:' does not name a model\./);
	assert.match(drawn(typing), /gemini-3\.8-flash +✗ key missing/);
	assert.match(drawn(typing), /1 mistake to put right/);
});

test('the field that has the keys is always in sight', () => {
	for (const place of spaces) {
		let form: Overlay = formOf(trio, 'trio');

		for (let count = 0; count < 30; count++) {
			assert.match(drawn(form, place), /^ › /m);
			form = pressOverlay(form, {chord: 'tab', text: ''}, place).overlay!;
		}

		assert.match(drawn(form, place), /› timeout s/);
	}
});

test('lists say where they are, and scroll with what is picked', () => {
	const list = told(conversationsOf(), {
		kind: 'conversations',
		query: '',
		before: null,
		entries: conversationEntries(50),
	});
	assert.match(drawn(list), /1 of 50\+/);
	const below = after(list, 'pagedown', 'pagedown');
	assert.match(drawn(below), /› .*Why is number \d\d odd\?/);
	assert.match(
		drawn(told(conversationsOf(), {...loads[4]!, entries: []} as Loaded)),
		/Nothing was found/,
	);
});
