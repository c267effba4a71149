import assert from 'node:assert/strict';
import {test} from 'node:test';
import {catalogOf, knownModels} from '../../source/providers/catalog.js';
import {vendors} from '../../source/providers/presets.js';

const none = {known: [], configured: [], listed: []};

test('the known models are few, each once, and hold the default of every vendor', () => {
	const names = knownModels.map(({provider, model}) => `${provider}/${model}`);

	assert.ok(names.length < 25);
	assert.equal(new Set(names).size, names.length);

	for (const {name, defaultModel} of vendors) {
		assert.ok(names.includes(`${name}/${defaultModel}`));
	}
});

test('a model is told once, with all that is said of it', () => {
	const price = {input: 1, output: 2};

	assert.deepEqual(
		catalogOf({
			known: [{provider: 'box', model: 'a', contextTokens: 5}],
			configured: [
				{provider: 'box', model: 'a', consortium: 'duo'},
				{provider: 'box', model: 'a', consortium: 'duo'},
				{provider: 'box', model: 'a', consortium: 'trio'},
			],
			listed: [
				{provider: 'box', models: [{id: 'a', contextTokens: null, price}]},
			],
		}),
		[
			{
				provider: 'box',
				model: 'a',
				contextTokens: 5,
				price,
				isKnown: true,
				consortiums: ['duo', 'trio'],
				isListed: true,
			},
		],
	);
});

test('what a server says of the length of a context counts for more', () => {
	const [model] = catalogOf({
		...none,
		known: [{provider: 'box', model: 'a', contextTokens: 5}],
		listed: [
			{provider: 'box', models: [{id: 'a', contextTokens: 9, price: null}]},
		],
	});

	assert.equal(model?.contextTokens, 9);
});

test('providers stay together: known, then configured, then listed', () => {
	const models = catalogOf({
		known: [
			{provider: 'box', model: 'a', contextTokens: null},
			{provider: 'other', model: 'a', contextTokens: null},
		],
		configured: [
			{provider: null, model: 'bare', consortium: 'duo'},
			{provider: 'box', model: 'b', consortium: 'duo'},
		],
		listed: [
			{provider: 'box', models: [{id: 'c', contextTokens: null, price: null}]},
		],
	});

	assert.deepEqual(
		models.map(({provider, model}) => [provider, model]),
		[
			['box', 'a'],
			['box', 'b'],
			['box', 'c'],
			['other', 'a'],
			[null, 'bare'],
		],
	);
});

test('names that look like parts of an object are names', () => {
	const models = catalogOf({
		...none,
		configured: [
			{provider: '__proto__', model: 'constructor', consortium: 'toString'},
		],
	});

	assert.equal(models[0]?.model, 'constructor');
});
