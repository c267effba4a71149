import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type SavedConsortium} from '../../../source/core/consortium.js';
import {commands} from '../../../source/ui/commands.js';
import {keysOfCommands} from '../../../source/ui/keymap.js';
import {modelPickerOf} from '../../../source/ui/overlays/model-picker.js';
import {faceOf} from '../../../source/ui/overlays/face.js';
import {paletteOf} from '../../../source/ui/overlays/palette.js';
import {
	after,
	demo,
	models,
	space,
	stepOf,
	told,
	trio,
	typed,
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
