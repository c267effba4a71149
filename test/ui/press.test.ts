import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {demo} from '../../source/config/demo.js';
import {emptyRun} from '../../source/core/run-state.js';
import {
	firstState,
	type AppState,
	type Step,
} from '../../source/ui/app-state.js';
import {type AppAction} from '../../source/ui/app-action.js';
import {commands} from '../../source/ui/commands.js';
import {textOf} from '../../source/ui/composer/composer.js';
import {bindingFor, helpSections, keyGroups} from '../../source/ui/keymap.js';
import {conversationsOf} from '../../source/ui/overlays/conversations.js';
import {helpOf} from '../../source/ui/overlays/help.js';
import {pressKey, submitted} from '../../source/ui/press.js';
import {reduceApp} from '../../source/ui/reduce-app.js';
import {type View} from '../../source/ui/view.js';
import {turnWith} from '../helpers/turns.js';

const view: View = {
	now: 1000,
	composerWidth: 80,
	overlayRows: 20,
	picture: emptyRun(),
	gridColumns: 2,
	density: 'columns',
	transcript: {total: 100, visible: 10},
	zoom: {total: 100, visible: 10},
};

const choice = {kind: 'built-in', consortium: demo, isDefault: false} as const;

const ready: AppState = {
	...firstState({columns: 80, rows: 24}),
	choice,
	choices: [choice],
};

const running: AppState = {
	...ready,
	running: {prompt: 'Why?', isCancelling: false},
	instances: ['a#1', 'a#2', 'b#1'],
};

const after: AppState = {
	...ready,
	instances: ['a#1', 'a#2', 'b#1'],
	turns: [turnWith()],
	runs: [turnWith()],
};

const press = (state: AppState, ...chords: readonly string[]): Step => {
	let step: Step = {state, requests: []};

	for (const chord of chords) {
		const {state: next, requests} = pressKey(
			step.state,
			{chord, text: [...chord].length === 1 ? chord : ''},
			view,
		);
		step = {state: next, requests: [...step.requests, ...requests]};
	}

	return step;
};

const requested = ({requests}: Step) => requests.map(({type}) => type);

test('what is typed is sent by Enter, and kept for later sessions', () => {
	const step = press(ready, 'h', 'i', 'enter');

	assert.deepEqual(step.requests, [
		{type: 'remember', text: 'hi'},
		{type: 'send', text: 'hi'},
	]);
	assert.equal(textOf(step.state.composer), '');
});

test('while a run goes on a message is queued, and Alt+Up takes it back before what is typed', () => {
	const queued = press(running, 'h', 'i', 'enter').state;
	const back = press(queued, 'x', 'alt+up').state;

	assert.deepEqual(queued.queue, ['hi']);
	assert.deepEqual([back.queue, textOf(back.composer)], [[], 'hi\nx']);
});

test('letters and digits act on the panes only while these have the focus', () => {
	assert.deepEqual(requested(press(running, 's', 'r', 'x', '2')), []);

	const step = press(running, 'tab', '2', 's', 'r', 'x');
	assert.deepEqual(step.requests, [
		{type: 'stop', instance: 'a#2'},
		{type: 'retry', instances: ['a#2']},
		{type: 'leave-out', instance: 'a#2'},
	]);
});

test('the focus goes round what there is', () => {
	const focuses = (state: AppState) =>
		[1, 2, 3, 4].map(
			count =>
				press(state, ...Array.from({length: count}, () => 'tab')).state.focus,
		);

	assert.deepEqual(
		focuses(ready),
		Array.from({length: 4}, () => 'composer'),
	);
	assert.deepEqual(focuses(after), [
		'grid',
		'arbiter',
		'transcript',
		'composer',
	]);
});

test('Escape goes back one thing after the other before it cancels the run', () => {
	const zoomed = press(running, 'tab', 'enter').state;
	const panes = press(zoomed, 'escape');
	const box = press(panes.state, 'escape');

	assert.deepEqual(
		[zoomed.zoom?.what, panes.state.zoom, panes.state.focus],
		['pane', null, 'grid'],
	);
	assert.deepEqual([box.state.focus, requested(box)], ['composer', []]);
	assert.deepEqual(requested(press(box.state, 'escape')), ['cancel']);
});

test('Ctrl+C cancels, clears, offers to leave, and leaves only when pressed again in time', () => {
	const typed = press(running, 'h', 'i').state;

	assert.deepEqual(requested(press(typed, 'ctrl+c')), ['cancel']);

	const cleared = press({...typed, running: null}, 'ctrl+c');
	assert.equal(textOf(cleared.state.composer), '');
	assert.equal(textOf(press(cleared.state, 'up').state.composer), 'hi');

	const offered = press(cleared.state, 'ctrl+c');
	assert.match(offered.state.notice!.text, /again to leave/v);
	assert.deepEqual(requested(press(offered.state, 'ctrl+c')), ['leave']);

	const late = pressKey(
		offered.state,
		{chord: 'ctrl+c', text: ''},
		{...view, now: 4000},
	);
	assert.deepEqual(requested(late), []);
});

test('Ctrl+D leaves only an empty box', () => {
	assert.deepEqual(requested(press(ready, 'ctrl+d')), ['leave']);
	assert.deepEqual(requested(press(ready, 'h', 'ctrl+d')), []);
});

test('what is pasted, and a slash, go to the box from anywhere', () => {
	const pasted = pressKey(
		press(after, 'tab').state,
		{chord: 'paste', text: 'some text'},
		view,
	).state;

	assert.deepEqual(
		[pasted.focus, textOf(pasted.composer)],
		['composer', 'some text'],
	);
	assert.equal(textOf(press(after, 'tab', '/').state.composer), '/');
});

test('a run that was made again takes the place of its turn, and both cost', () => {
	const again = turnWith({kind: 'retry', runId: 'second'});
	const {state} = reduceApp(after, {
		type: 'ended',
		turn: again,
		isCancelled: false,
		top: 0,
	});

	assert.deepEqual(
		[state.turns.map(({runId}) => runId), state.runs.length],
		[['second'], 2],
	);
});

test('what was queued behind a cancelled run comes back into the box', () => {
	const queued = press(running, 'h', 'i', 'enter', 'x').state;
	const {state} = reduceApp(queued, {
		type: 'ended',
		turn: turnWith(),
		isCancelled: true,
		top: null,
	});

	assert.deepEqual([state.queue, textOf(state.composer)], [[], 'hi\nx']);
});

test('an unknown slash command stays in the box and is told with the nearest one', () => {
	const {state, requests} = press(ready, ...'/retri', 'escape', 'enter');

	assert.deepEqual(requests, []);
	assert.equal(textOf(state.composer), '/retri');
	assert.match(state.notice!.text, /no command \/retri.*Did you mean "retry"/v);
	assert.deepEqual(
		requested(submitted(ready, '/usr/bin/env is what?')),
		['remember', 'send'],
		'a path is a question',
	);
});

test('every slash command does something or says what it needs', () => {
	for (const {slash} of commands) {
		if (slash !== null) {
			const {state, requests} = submitted(after, `/${slash}`);
			assert.ok(
				requests.length > 1 ||
					state.overlays.length > 0 ||
					state.notice !== null,
				slash,
			);
		}
	}
});

test('no key means two things in one place, and the help tells all of them', () => {
	const places = [
		'composer',
		'grid',
		'arbiter',
		'transcript',
		'zoom',
		'anywhere',
	] as const;

	for (const place of places) {
		const chords = keyGroups
			.filter(({where}) => where.includes(place))
			.flatMap(({bindings}) => bindings.flatMap(({chords: each}) => each));
		assert.equal(new Set(chords).size, chords.length, place);
	}

	const bindings = keyGroups.flatMap(group => group.bindings);
	const told = new Set(
		helpSections().flatMap(({rows}) => rows.map(({help}) => help)),
	);
	assert.ok(bindings.every(({help}) => told.has(help)));
	assert.equal(bindingFor('ctrl+k', ['grid', 'anywhere'])?.does, 'switch');
});

test('no keys and events, in whatever order, break the state', () => {
	const chords = [
		...keyGroups.flatMap(({bindings}) =>
			bindings.flatMap(({chords: each}) => each),
		),
		'enter',
		'up',
		'down',
		'backspace',
		'ctrl+r',
		'alt+e',
		'a',
		'/',
		' ',
		'n',
		'd',
		'y',
		'delete',
		'ctrl+n',
		'paste',
		'text',
	];
	const actions: readonly AppAction[] = [
		{type: 'resized', columns: 60, rows: 16},
		{type: 'began', prompt: 'Why?'},
		{type: 'instances', conversationId: 'chat-1', instances: ['a#1']},
		{type: 'instances', conversationId: 'chat-1', instances: []},
		{type: 'cancelling'},
		{type: 'ended', turn: turnWith(), isCancelled: false, top: 3},
		{type: 'ended', turn: null, isCancelled: true, top: null},
		{type: 'queued', text: 'next'},
		{type: 'returned', text: 'again'},
		{type: 'cleared'},
		{type: 'reading', id: 'old', top: 0, words: [], turns: [turnWith()]},
		{type: 'loaded', loaded: {kind: 'consortiums', choices: [choice]}},
		{type: 'loaded', loaded: {kind: 'models', models: []}},
		{type: 'told', notice: {text: 'x', tone: 'bad'}},
	];
	const move = fc.oneof(
		{weight: 4, arbitrary: fc.constantFrom(...chords)},
		{weight: 1, arbitrary: fc.constantFrom(...actions)},
	);

	fc.assert(
		fc.property(fc.array(move, {maxLength: 60}), moves => {
			let state = after;

			for (const each of moves) {
				({state} =
					typeof each === 'string'
						? pressKey(
								state,
								{
									chord: each,
									text: [...each].length === 1 || each === 'paste' ? each : '',
								},
								view,
							)
						: reduceApp(state, each));
				const {pane, instances, overlays} = state;
				assert.ok(pane >= 0);
				assert.ok(pane <= Math.max(0, instances.length - 1));
				assert.ok(overlays.length < 60);
			}
		}),
		{numRuns: 300},
	);
});

test('a paste in which nothing is left does nothing', () => {
	for (const text of ['', '\u0010', '\u001B[31m']) {
		const typed = press(ready, 'h', 'i').state;
		const {state} = pressKey(typed, {chord: 'paste', text}, view);
		assert.equal(textOf(state.composer), 'hi');
	}
});

test('an earlier conversation can be scrolled, closed and gone on with, and its keys do nothing to the present one', () => {
	const reading = reduceApp(after, {
		type: 'reading',
		id: 'old',
		top: 0,
		words: [],
		turns: [turnWith({runId: 'old'})],
	}).state;

	assert.deepEqual(requested(press(reading, ...'gbcedjsrxm')), []);
	assert.equal(press(reading, 'down').state.reading!.scroll.top, 1);
	assert.equal(press(reading, 'escape').state.reading, null);
	assert.deepEqual(requested(press(reading, 'enter')), ['continue']);
});

test('a run made again that gives no answer stands beside the answer that was there', () => {
	const failed = turnWith(
		{kind: 'rearbitrate', runId: 'second'},
		{status: 'cancelled'},
	);
	const {state} = reduceApp(after, {
		type: 'ended',
		turn: failed,
		isCancelled: true,
		top: 0,
	});

	assert.deepEqual(
		state.turns.map(({kind}) => kind),
		['ask', 'rearbitrate'],
	);
});

test('what is typed behind /key is not kept', () => {
	const {requests, state} = submitted(ready, '/key sk-proj-ABC_0123456789');

	assert.deepEqual(requests, [{type: 'remember', text: '/key'}]);
	assert.doesNotMatch(state.notice!.text, /sk-proj/v);
});

test('the daily limit is a setting, and the budget a part of the consortium', () => {
	const asked = (text: string) => submitted(ready, text).requests.slice(1);
	const {settings} = ready;

	assert.deepEqual(asked('/budget day $5'), [
		{type: 'settings', settings: {...settings, dailyLimitUsd: 5}},
	]);
	assert.deepEqual(asked('/budget day none'), [
		{type: 'settings', settings: {...settings, dailyLimitUsd: null}},
	]);
	assert.deepEqual(asked('/budget 0.5'), [
		{type: 'set', key: 'budget', value: '0.5'},
	]);
	assert.deepEqual(asked('/budget'), []);
});

test('/continue goes on with the latest conversation where nothing was asked yet, else shows those there are', () => {
	const latest = {type: 'continue', id: 'latest', afterTurn: null} as const;
	const openOf = (state: AppState, text: string) => {
		const step = submitted(state, text);
		const overlay = step.state.overlays.at(-1);
		return overlay?.type === 'conversations' ? overlay.awaited : null;
	};

	assert.deepEqual(submitted(ready, '/continue').requests[1], latest);
	assert.deepEqual(openOf(after, '/continue'), {query: '', before: null});
	assert.deepEqual(openOf(ready, '/continue two words'), {
		query: 'two words',
		before: null,
	});
	assert.deepEqual(
		submitted(ready, '/continue 01arz3ndektsv4rrffq69g5fav').requests[1],
		{...latest, id: '01ARZ3NDEKTSV4RRFFQ69G5FAV'},
	);
});

test('a run that was resumed stays the run and the turn it was', () => {
	const cut = turnWith({result: null});
	const {state} = reduceApp(
		{...after, turns: [cut], runs: [cut]},
		{type: 'ended', turn: turnWith(), isCancelled: false, top: 0},
	);

	assert.deepEqual([state.turns, state.runs], [[turnWith()], [turnWith()]]);
});

test('a conversation that goes on leaves the box, the queue and other overlays alone', () => {
	const typed = press({...ready, queue: ['next']}, 'h', 'i').state;
	const help = helpOf([]);
	const open = {...typed, overlays: [help, conversationsOf()]};
	const {state} = reduceApp(open, {
		type: 'continued',
		conversationId: 'chat-1',
		turns: [turnWith()],
		runs: [turnWith()],
		instances: ['a#1'],
		choice: null,
		notice: {text: 'It goes on.', tone: 'plain'},
	});

	assert.deepEqual(
		[textOf(state.composer), state.queue, state.overlays, state.choice],
		['hi', ['next'], [help], ready.choice],
	);
	assert.equal(state.transcript.top, null);
});

test('above the chat F1 shows the keys anywhere, and an error is gone with the next key', () => {
	const list = press(ready, 'ctrl+o').state;
	const failed = reduceApp(list, {
		type: 'told',
		notice: {text: 'It went wrong.', tone: 'bad'},
	}).state;
	assert.equal(press(failed, 'down').state.notice, null);
	assert.equal(press(failed, 'f1').state.overlays.at(-1)?.type, 'help');
	assert.equal(press(failed, 'f1', 'f1').state.overlays.length, 1);
	const told = reduceApp(list, {
		type: 'told',
		notice: {text: 'Written.', tone: 'good'},
	}).state;
	assert.equal(press(told, 'down').state.notice?.text, 'Written.');
});
