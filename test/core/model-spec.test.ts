import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	membersOf,
	parseArbiterSpec,
	parseModelSpec,
	specOf,
} from '../../source/core/model-spec.js';
import {UserError} from '../../source/core/user-error.js';
import {vectors} from '../helpers/vectors.js';

const refuses = (action: () => unknown, ...words: string[]) => {
	assert.throws(action, error => {
		assert.ok(error instanceof UserError);
		assert.notEqual(error.hint, '');

		for (const word of words) {
			assert.ok(`${error.message} ${error.hint}`.includes(word), error.message);
		}

		return true;
	});
};

const specOrRefusal = (spec: string) => {
	try {
		return parseModelSpec(spec);
	} catch (error) {
		if (error instanceof UserError) {
			return error;
		}

		throw error;
	}
};

test('every sample is read as it should be', () => {
	for (const {note, input, expected} of vectors<
		Array<{
			note: string;
			input: {specs: string[]; defaultCount: number};
			expected: Record<string, unknown>;
		}>
	>('model-specs')) {
		const read = () => membersOf(input.specs, input.defaultCount);

		if ('error' in expected) {
			refuses(read);
		} else {
			assert.deepEqual(
				Object.fromEntries(read().map(({model, count}) => [model, count])),
				expected,
				note,
			);
		}
	}
});

test('an id that ends in a zero keeps it, where the original never ran the model', () => {
	const model = 'anthropic.claude-3-haiku-20240307-v1:0';
	assert.deepEqual(parseModelSpec(model), {model, count: 1, options: {}});
	assert.deepEqual(parseModelSpec(`bedrock/${model}:3`), {
		model: `bedrock/${model}`,
		count: 3,
		options: {},
	});
});

test('options are URL-decoded and read as JSON, else as text', () => {
	assert.deepEqual(
		parseModelSpec(
			'openai/gpt-4o:2?temperature=0.2&effort=high&stop=%5B%22a%26b%22%5D&note=1:3&empty=',
		),
		{
			model: 'openai/gpt-4o',
			count: 2,
			options: {
				temperature: 0.2,
				effort: 'high',
				stop: ['a&b'],
				note: '1:3',
				empty: '',
			},
		},
	);
	assert.deepEqual(parseModelSpec('a?', 3), {
		model: 'a',
		count: 3,
		options: {},
	});
});

test('what cannot be read is refused with what to type instead', () => {
	refuses(() => parseModelSpec(''), "''");
	refuses(() => parseModelSpec(':2'), "':2'");
	refuses(() => parseModelSpec('a:'), "'a:'");
	refuses(() => parseModelSpec('?x=1'));
	refuses(() => parseModelSpec('llama3:70'), '64', 'llama3:70:1');
	refuses(() => parseModelSpec('a', 0), '0', 'a:3');
	refuses(() => parseModelSpec('a', 1.5));
	refuses(() => parseModelSpec('a?hot'), "'hot'");
	refuses(() => parseModelSpec('a?=1'));
	refuses(() => parseModelSpec('a?x=1&x=2'), 'x twice');
	refuses(() => parseModelSpec('a?x=%'), "'%'");
});

test('the same model with the same options is one member', () => {
	assert.deepEqual(membersOf(['x/a?t=1&s=2', 'x/a:2?s=2&t=1', 'x/a'], 1), [
		{slot: 'a', model: 'x/a', count: 3, options: {t: 1, s: 2}},
		{slot: 'a-2', model: 'x/a', count: 1},
	]);
});

test('a slot is readable and stands for one member only', () => {
	const slots = membersOf(
		[
			'openrouter/qwen/Qwen3-32B:free',
			'a-2',
			'x/a',
			'y/a',
			'z/A!',
			'🤖:2',
			'¿',
		],
		1,
	).map(({slot}) => slot);
	assert.deepEqual(slots, [
		'qwen3-32b-free',
		'a-2',
		'a',
		'a-3',
		'a-4',
		'model',
		'model-2',
	]);
});

test('one member has at most 64 instances and all have at most 256', () => {
	assert.equal(membersOf(['a:32', 'a:32'], 1)[0]?.count, 64);
	refuses(() => membersOf(['a:32', 'a:33'], 1), 'a:33', '65');
	const full = ['a:64', 'b:64', 'c:64', 'd:64'];
	assert.equal(membersOf(full, 1).length, 4);
	refuses(() => membersOf([...full, 'e'], 1), "'e'", '257', '256');
});

test('a spec is read or refused as the person’s to put right, never anything else', () => {
	fc.assert(
		fc.property(
			fc.string({unit: fc.constantFrom(...'a:?&=%0129/ "[{')}),
			spec => {
				const read = specOrRefusal(spec);

				if (!(read instanceof UserError)) {
					assert.notEqual(read.model, '');
					assert.ok(read.count >= 1);
					assert.ok(read.count <= 64);
				}
			},
		),
		{numRuns: 2000},
	);
});

test('the spec of a member is read as the same member', () => {
	fc.assert(
		fc.property(
			fc.record({
				model: fc.oneof(
					fc.constantFrom(
						'gpt-4o',
						'openrouter/x:free',
						'llama3:8',
						'a:0',
						'b: 7',
					),
					fc
						.string({minLength: 1})
						.map(name => name.replaceAll(/[?:\s]/g, '') || 'x'),
				),
				count: fc.integer({min: 1, max: 64}),
				options: fc.dictionary(
					fc.constantFrom('temperature', 'effort', 'stop', 'x y&='),
					fc.oneof(
						fc.jsonValue().filter(value => !Object.is(value, -0)),
						fc.constantFrom('5', 'true', ' spaced ', '"', '100%', '-0'),
					),
				),
			}),
			({model, count, options}) => {
				assert.deepEqual(
					JSON.stringify(parseModelSpec(specOf({model, count, options}))),
					JSON.stringify({model, count, options}),
				);
			},
		),
	);
});

test("a member's own role, weight and system prompt are no options", () => {
	assert.deepEqual(
		parseModelSpec(
			'x:2?temperature=0.2&role=Look%20for%20errors&weight=2&system=42',
		),
		{
			model: 'x',
			count: 2,
			options: {temperature: 0.2},
			role: 'Look for errors',
			weight: 2,
			system: '42',
		},
	);
	assert.deepEqual(
		membersOf(['x?role=skeptic', 'x?role=researcher', 'x?role=skeptic'], 1).map(
			({slot, role, count}) => [slot, role, count],
		),
		[
			['x', 'skeptic', 2],
			['x-2', 'researcher', 1],
		],
	);
	refuses(() => parseModelSpec('x?weight=-1'), 'weight', '-1');
	refuses(() => parseModelSpec('x?weight=1001'), 'weight', '0 to 1000');
	refuses(() => parseModelSpec('x?weight=heavy'), 'weight', 'heavy');
	refuses(() => parseModelSpec('x?role='), 'role');
});

test('an arbiter has no role, weight or system prompt of its own', () => {
	assert.deepEqual(parseArbiterSpec('x?effort=high'), {
		model: 'x',
		count: 1,
		options: {effort: 'high'},
	});

	for (const key of ['role', 'weight', 'system']) {
		refuses(() => parseArbiterSpec(`x?${key}=1`), key);
	}
});

test('a role and a weight are written as they are read', () => {
	fc.assert(
		fc.property(
			fc
				.string({minLength: 1, unit: 'grapheme'})
				.filter(text => text === text.trim() && text.isWellFormed()),
			fc.nat({max: 100}),
			(role, weight) => {
				const member = {model: 'x', count: 3, options: {seed: 1}, role, weight};
				assert.deepEqual(parseModelSpec(specOf(member)), member);
			},
		),
	);
});
