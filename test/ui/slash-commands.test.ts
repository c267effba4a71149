import assert from 'node:assert/strict';
import {test} from 'node:test';
import {withChangedOption} from '../../source/commands/chat/change-option.js';
import {changeFlags} from '../../source/commands/consortium-flags.js';
import {flagName} from '../../source/commands/common-flags.js';
import {setValues} from '../../source/ui/set-values.js';
import {slashCommandsFor, slashMenuOf} from '../../source/ui/slash-commands.js';
import {firstState, type AppState} from '../../source/ui/app-state.js';
import {unknownCommand} from '../../source/ui/command-step.js';
import {helpOf} from '../../source/ui/overlays/help.js';
import {paletteOf} from '../../source/ui/overlays/palette.js';
import {overlayWords} from '../../source/ui/overlay-words.js';
import {commands} from '../../source/ui/commands.js';
import {helpSections} from '../../source/ui/keymap.js';
import {emptyRun} from '../../source/core/run-state.js';
import {pressKey} from '../../source/ui/press.js';
import {type View} from '../../source/ui/view.js';
import {press} from '../helpers/keys.js';
import {choices, solo, space, trio} from '../helpers/overlays.js';

const state = {
	...firstState({columns: 80, rows: 24}),
	choice: choices[1]!,
	choices,
};
const valuesOf = (name: string, of = state) =>
	slashCommandsFor(of)
		.find(command => command.name === name)!
		.values!.map(({value}) => value);

test('a slash command offers what can follow it now', () => {
	assert.deepEqual(valuesOf('theme'), ['auto', 'dark', 'light', 'plain']);
	assert.deepEqual(valuesOf('bell'), ['on', 'off']);
	assert.deepEqual(valuesOf('switch'), ['solo', 'trio', 'demo']);
	assert.deepEqual(valuesOf('switch', {...state, choices: []}), []);
	assert.deepEqual(valuesOf('budget'), ['none', 'day']);
	assert.ok(valuesOf('key').includes('anthropic'));
	assert.deepEqual(valuesOf('help'), []);
});

test('what is in force is marked', () => {
	const marked = (name: string, settings = state.settings) =>
		slashCommandsFor({...state, settings})
			.find(command => command.name === name)!
			.values!.filter(({title}) => title !== '')
			.map(({value}) => value);

	assert.deepEqual(marked('bell'), ['on']);
	assert.deepEqual(
		marked('bell', {theme: 'light', bell: false, dailyLimitUsd: null}),
		['off'],
	);
	assert.deepEqual(
		marked('theme', {theme: 'light', bell: true, dailyLimitUsd: null}),
		['light'],
	);
});

test('an option to be set is told with what it is now', () => {
	const titles = new Map(
		setValues(trio, choices).map(({value, title}) => [value, title]),
	);
	assert.equal(titles.get('confidence-threshold='), 'now 80%');
	assert.equal(titles.get('budget='), 'now $0.5');
	assert.equal(titles.get('temperature='), 'now 0.2, not set');
	assert.equal(titles.get('stop=any'), 'as it is now');
	assert.equal(titles.get('stop=both'), '');
	assert.equal(titles.get('model=solo'), '');
	assert.equal(titles.get('arbiter=solo'), '');
	assert.equal(titles.has('arbiter=trio'), false, 'not itself');
	assert.match(titles.get('model=')!, /gpt-6-luna:3\?temperature=0\.2 claude/);
});

test('every option that is offered is a flag, and every closed value is taken', async () => {
	const flags = Object.keys(changeFlags).map(name =>
		flagName(name).replace('--', ''),
	);
	const config = {
		version: 1,
		default: null,
		consortiums: {solo},
		endpoints: {},
		settings: {},
	};
	const offered = setValues(trio, choices).map(({value}) => value.split('='));
	const names = new Set(offered.map(([name]) => name!));
	assert.deepEqual(
		flags.filter(flag => !names.has(flag)),
		// Without a strategy that has parameters there is none to set.
		['count', 'strategy-param'],
	);

	for (const [key, value] of offered) {
		assert.ok(flags.includes(key!), key);

		if (value !== '') {
			await withChangedOption(
				trio,
				{key: key!, value: value!},
				{
					config,
					prompts: '/nowhere',
				},
			);
		}
	}
});

const view: View = {
	now: 0,
	composerWidth: 80,
	overlayRows: 22,
	picture: emptyRun(),
	gridColumns: 1,
	density: 'columns',
	transcript: {total: 0, visible: 1},
	zoom: {total: 0, visible: 0},
};

test('a command chosen in the palette is completed with the menu of its arguments open', () => {
	let now: AppState = {
		...state,
		overlays: [
			paletteOf(
				commands.filter(({id}) => id === 'theme'),
				new Map(),
			),
		],
	};
	now = pressKey(now, press('enter'), view).state;
	assert.equal(slashMenuOf(now)?.items[0]?.usage, 'auto');
	now = pressKey(now, press('enter'), view).state;
	assert.deepEqual(pressKey(now, press('enter'), view).requests[1], {
		type: 'settings',
		settings: state.settings,
	});
});

test('the help for those who do not see it lists what can be typed', () => {
	const words = overlayWords(helpOf(helpSections()), space.screen)!;
	assert.match(words, /^\/set KEY=VALUE: Change one thing/m);
	assert.match(words, /^\/quit: Leave$/m);
	assert.doesNotMatch(words, /Ctrl|PgUp/);
	assert.equal(
		words.split('\n').length,
		1 + commands.filter(({slash}) => slash !== null).length,
	);
});

test('what is mistyped is told with the nearest command', () => {
	assert.match(unknownCommand('/swich x'), /no command \/swich.*"switch"/);
});
