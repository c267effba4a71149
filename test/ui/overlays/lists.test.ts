import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type SavedConsortium} from '../../../source/core/consortium.js';
import {commands} from '../../../source/ui/commands.js';
import {keysOfCommands} from '../../../source/ui/keymap.js';
import {conversationsOf} from '../../../source/ui/overlays/conversations.js';
import {modelPickerOf} from '../../../source/ui/overlays/model-picker.js';
import {faceOf} from '../../../source/ui/overlays/face.js';
import {overlayLoaded} from '../../../source/ui/overlays/overlay.js';
import {paletteOf} from '../../../source/ui/overlays/palette.js';
import {
	after,
	conversationEntries,
	demo,
	models,
	space,
	stepOf,
	told,
	trio,
	typed,
	wanted,
} from '../../helpers/overlays.js';

const palette = () => paletteOf(commands, keysOfCommands());

test('the palette finds a command by a few letters, and Enter does it', () => {
	assert.deepEqual(stepOf(typed(palette(), 'costs'), 'enter'), {
		overlay: null,
		command: 'cost',
	});
	assert.equal(stepOf(typed(palette(), '/quit'), 'enter').command, 'leave');
});

test('the palette moves by arrows, and begins at the best match again when more is typed', () => {
	assert.equal(stepOf(palette(), 'down', 'enter').command, commands[1].id);
	assert.equal(typed(after(palette(), 'down', 'down'), 'e').list.at, 0);
	assert.equal(stepOf(palette(), 'end', 'enter').command, commands.at(-1)!.id);
});

test('Enter does nothing where nothing is found', () => {
	const nothing = typed(palette(), 'zzzz');
	assert.deepEqual(stepOf(nothing, 'enter'), {overlay: nothing});
	assert.equal(stepOf(nothing, 'escape').overlay, null);
});

test('a model takes the place of an instance', () => {
	const picker = told(modelPickerOf('gpt#2', null), {kind: 'models', models});
	assert.deepEqual(stepOf(picker, 'down', 'enter'), {
		overlay: null,
		requests: [{type: 'swap', instance: 'gpt#2', model: 'gpt-6.1-sol'}],
	});
	assert.deepEqual(stepOf(typed(picker, 'flash'), 'enter').requests, [
		{type: 'swap', instance: 'gpt#2', model: 'gemini-3.8-flash'},
	]);
	assert.equal(stepOf(picker, 'escape').overlay, null);
});

test('a model that is not listed is taken as typed, when it is one model', () => {
	const swapped = (text: string) =>
		stepOf(
			typed(told(modelPickerOf('a#1', null), {kind: 'models', models}), text),
			'enter',
		).requests?.map(request => request.type === 'swap' && request.model);

	assert.deepEqual(swapped('new/model?temperature=1'), [
		'new/model?temperature=1',
	]);
	assert.equal(swapped('new/model:2'), undefined);
	assert.equal(swapped('new/model?temperature'), undefined);
	// Before the models are known as well.
	assert.deepEqual(
		stepOf(typed(modelPickerOf('a#1', null), 'x/y'), 'enter').requests,
		[{type: 'swap', instance: 'a#1', model: 'x/y'}],
	);
	assert.equal(stepOf(modelPickerOf('a#1', null), 'enter').requests, undefined);
});

test('models that need a key come after the others, under a heading', () => {
	const [luna, sol, llama, flash] = models;
	const picker = told(modelPickerOf('a#1', null), {
		kind: 'models',
		models: [flash!, luna!, sol!, llama!],
	});
	const lines = (...chords: string[]) =>
		faceOf(after(picker, ...chords), space).rows.map(row =>
			row
				.map(({text}) => text)
				.join('')
				.trimEnd(),
		);

	assert.match(lines()[2]!, /› gpt-6-luna/);
	assert.match(lines()[5]!, /^ {2}needs a key$/);
	assert.match(lines('end')[6]!, /› gemini-3\.8-flash/);
	assert.match(lines('end', 'up')[4]!, /› ollama/);
	assert.deepEqual(stepOf(picker, 'end', 'enter').requests, [
		{type: 'swap', instance: 'a#1', model: 'gemini-3.8-flash'},
	]);
	assert.doesNotMatch(
		faceOf(typed(picker, 'luna'), space)
			.rows.flat()
			.map(({text}) => text)
			.join(''),
		/needs a key/,
	);
});

test('simulated models are offered in a simulated consortium only', () => {
	const simulated = {
		name: 'demo/careful',
		isReady: true,
		inputUsd: 0,
		outputUsd: 0,
	};
	const first = (consortium: SavedConsortium) =>
		stepOf(
			told(modelPickerOf('a#1', consortium), {
				kind: 'models',
				models: [simulated, ...models],
			}),
			'enter',
		).requests?.map(request => request.type === 'swap' && request.model);

	assert.deepEqual(first(demo), ['demo/careful']);
	assert.deepEqual(first(trio), ['gpt-6-luna']);
});

test('what is typed can be chosen after the models it is like', () => {
	const picker = typed(
		told(modelPickerOf('a#1', null), {kind: 'models', models}),
		'gpt-6',
	);
	assert.deepEqual(stepOf(picker, 'end', 'up', 'down', 'enter').requests, [
		{type: 'swap', instance: 'a#1', model: 'gpt-6.1-sol'},
	]);
	assert.deepEqual(stepOf(after(picker, 'down', 'down'), 'enter').requests, [
		{type: 'swap', instance: 'a#1', model: 'gpt-6'},
	]);
});

const page = (count: number, from = 0) =>
	({
		kind: 'conversations',
		query: '',
		before: null,
		entries: conversationEntries(count, from),
	}) as const;

test('Enter opens a conversation to be read', () => {
	const list = told(conversationsOf(), page(3));
	assert.deepEqual(stepOf(list, 'down', 'enter'), {
		overlay: null,
		requests: [{type: 'open-conversation', id: 'c1'}],
	});
	assert.equal(stepOf(conversationsOf(), 'enter').requests, undefined);
});

test('the next page is asked for once, when the end comes near', () => {
	const list = told(conversationsOf(), page(50));
	assert.deepEqual(wanted(stepOf(list, 'down'), 'conversations'), []);

	const step = stepOf(list, 'end');
	const before = conversationEntries(50).at(-1)!;
	assert.deepEqual(wanted(step, 'conversations'), [
		{kind: 'conversations', query: '', before},
	]);
	assert.deepEqual(wanted(stepOf(step.overlay!, 'up'), 'conversations'), []);

	const more = overlayLoaded(step.overlay!, {...page(50, 50), before});
	assert.equal(
		more.overlay?.type === 'conversations' && more.overlay.entries?.length,
		100,
	);
});

test('after an empty page no further one is asked for', () => {
	const list = told(conversationsOf(), page(2));
	const before = conversationEntries(2).at(-1)!;
	const whole = told(after(list, 'end'), {...page(0), before});
	assert.equal(whole.entries?.length, 2);
	assert.deepEqual(wanted(stepOf(whole, 'end'), 'conversations'), []);
});

test('what is typed is looked for, and answers to an earlier query are ignored', () => {
	const list = told(conversationsOf(), page(5));
	const step = stepOf(after(list, 'down'), 'w');
	assert.deepEqual(wanted(step, 'conversations'), [
		{kind: 'conversations', query: 'w', before: null},
	]);

	const late = overlayLoaded(step.overlay!, page(1));
	assert.deepEqual(late.overlay, step.overlay);

	const found = overlayLoaded(step.overlay!, {...page(1), query: 'w'});
	assert.equal(found.overlay?.type, 'conversations');
	assert.equal(found.overlay.entries?.length, 1);
	assert.equal(found.overlay.list.at, 0);
});

test('a space at the end of the query asks nothing new', () => {
	const list = typed(told(conversationsOf(), page(5)), 'why');
	assert.deepEqual(wanted(stepOf(list, ' '), 'conversations'), []);
});
