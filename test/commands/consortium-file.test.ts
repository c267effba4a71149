import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {readConsortiumFile} from '../../source/commands/consortium-file.js';
import {demo} from '../../source/config/demo.js';
import {consortiumDefaults} from '../../source/core/consortium.js';
import {UserError} from '../../source/core/user-error.js';
import {hostileTexts, timersHaveRun} from '../helpers/hostile-text.js';

const member = {slot: 'a', model: 'lab/a', count: 2};
const trio = {...demo, name: 'trio', members: [member]};
const lab = {
	baseUrl: 'http://localhost:8080/v1',
	keyEnv: 'LAB_KEY',
	api: 'chat',
} as const;
const read = (value: unknown) => readConsortiumFile(JSON.stringify(value));

/**
A file with one consortium, changed as given.
*/
const withTrio = (change: object) => ({
	v: 1,
	consortiums: {trio: {...trio, ...change}},
});
const withMember = (change: object) =>
	withTrio({members: [member, {...member, slot: 'b', ...change}]});
const withLab = (change: object) => ({
	...withTrio({}),
	endpoints: {lab: {...lab, ...change}},
});

test('an export, a single consortium and a list are read', () => {
	const consortiums = {trio};

	assert.deepEqual(read({v: 1, consortiums, endpoints: {lab}}), {
		v: 1,
		consortiums,
		endpoints: {lab},
	});
	assert.deepEqual(read(trio), {v: 1, consortiums, endpoints: {}});
	assert.deepEqual(read({v: 1, default: 'trio', consortiums: [trio, demo]}), {
		v: 1,
		consortiums,
		endpoints: {},
	});
});

test('what is left out has its default, and members may be specs', () => {
	const {consortiums} = read({
		v: 1,
		consortiums: {trio: {members: ['lab/a:2']}},
	});

	assert.deepEqual(consortiums['trio'], {
		...consortiumDefaults,
		name: 'trio',
		members: [member],
		arbiters: [],
	});
});

test('the key of a consortium is its name, whatever it says itself', () => {
	assert.equal(
		read(withTrio({name: 'other'})).consortiums['trio']!.name,
		'trio',
	);
});

test('a name that every object has is a name like any other', () => {
	const {consortiums} = read({v: 1, consortiums: {constructor: trio}});

	assert.deepEqual(Object.keys(consortiums), ['constructor']);
});

test('prompts and options may have several lines, and nothing else may', () => {
	const lines = 'one\r\ntwo\n\tthree';
	const {trio: given} = read(
		withTrio({
			system: lines,
			members: [{...member, system: lines, options: {stop: ['\n']}}],
		}),
	).consortiums;

	assert.equal(given!.system, lines);
	assert.equal(given!.members[0]!.system, lines);
	assert.deepEqual(given!.members[0]!.options, {stop: ['\n']});
});

for (const [text, message] of [
	['', /^It is not JSON: /],
	['{"a": \u001B]0;owned\u0007', /^It is not JSON: [^\u0007\u001B]*$/],
	['[]', /^What it holds is an object, not a list/],
	['null', /an object, not null/],
	['{}', /^It holds no consortium/],
	['{"consortium": {}}', /^It holds no consortium/],
	[`{"a": ${'['.repeat(500_000)}${']'.repeat(500_000)}}`, /too deeply/],
	['{"v": 1, "consortiums": {"__proto__": {}}}', /^consortiums .* "__proto__"/],
	[
		'{"v": 1, "consortiums": {"a": {"members": [{"model": "x", "options": {"__proto__": {"b": 1}}}]}}}',
		/^consortiums\.a\.members\[0\]\.options .* "__proto__"/,
	],
	[
		'{"v": 1, "consortiums": {"a": {"members": ["x"], "confidenceThreshold": 1e999}}}',
		/^consortiums\.a\.confidenceThreshold is too large a number/,
	],
] as const) {
	test(`the text ${text.slice(0, 60)} is refused in a sentence`, () => {
		assert.throws(() => readConsortiumFile(text), {name: 'UserError', message});
	});
}

for (const [value, message] of [
	[{...withTrio({}), v: 2}, /^v is 1 in a file .* not 2/],
	[{...withTrio({}), v: {toString: 1}}, /^v is 1 .* not an object/],
	[{...withTrio({}), keys: {}}, /^The file has no key "keys"/],
	[{v: 1, consortiums: 'trio'}, /^consortiums is an object, not "trio"/],
	[{v: 1, consortiums: {trio: 7}}, /^consortiums\.trio: .* object, not 7/],
	[{v: 1, consortiums: {trio: [member]}}, /^consortiums\.trio: .* not a list/],
	[{v: 1, consortiums: {demo}}, /^consortiums\.demo: .*"demo" is built in/],
	[{v: 1, consortiums: {'a/b': trio}}, /^consortiums\.a\/b: .*called "a\/b"/],
	[{v: 1, consortiums: [trio, trio]}, /^consortiums\[1\]: .*"trio"/],
	[
		{v: 1, consortiums: [{members: ['x']}]},
		/^consortiums\[0\]\.name is a text/,
	],
	[{...trio, name: 'demo'}, /"demo" is built in/],
	[{members: ['x']}, /^name is a text, not undefined/],
	[withTrio({stopp: 'any'}), /^consortiums\.trio: .*no key "stopp"/],
	[withTrio({v: 2}), /^consortiums\.trio: .*v: 2/],
	[withTrio({v: {toString: 1}}), /^consortiums\.trio: .*v: an object/],
	[withTrio({members: []}), /^consortiums\.trio: .*at least one member/],
	[withTrio({stop: 'never'}), /^consortiums\.trio\.stop is one of/],
	[withTrio({minIterations: 9}), /^consortiums\.trio: At least 9 iterations/],
	[withTrio({strategies: [{name: 'x'}]}), /^consortiums\.trio: .*called "x"/],
	[withTrio({strategies: [7]}), /^consortiums\.trio\.strategies\[0\] is an/],
	[
		withTrio({arbiters: [{model: 7}]}),
		/^consortiums\.trio\.arbiters\[0\]\.model is a text, not 7/,
	],
	[
		withMember({count: 99}),
		/^consortiums\.trio\.members\[1\]\.count is a whole number from 1 to 64, not 99/,
	],
	[
		withMember({cuont: 2}),
		/^consortiums\.trio\.members\[1\] has no key "cuont"/,
	],
	[withMember({slot: 'a'}), /^consortiums\.trio: Two members .* "a"/],
	[withMember({model: 'x'.repeat(1001)}), /members\[1\]\.model is longer/],
	[withMember({model: 'x\nSaved y'}), /members\[1\]\.model has line breaks/],
	[withMember({model: 'x\u001B[2J'}), /members\[1\]\.model has .*control/],
	[withMember({model: 'x\u009B2J'}), /members\[1\]\.model has .*control/],
	[withMember({model: 'x\u202Ey'}), /members\[1\]\.model has .*turn text/],
	[
		withMember({system: 'x\u001B]0;y\u0007'}),
		/members\[1\]\.system has control/,
	],
	[withMember({options: {'a\u001B': 1}}), /A key in .*options has/],
	[{v: 1, consortiums: {system: {...trio, stop: 'a\nb'}}}, /has line breaks/],
	[{v: 1, consortiums: {options: {...trio, stop: 'a\nb'}}}, /has line breaks/],
	[withLab({api: 'soap'}), /^endpoints\.lab\.api is one of chat, responses/],
	[withLab({baseUrl: 'lab:80'}), /^endpoints\.lab: .*not an http/],
	[withLab({baseUrl: 'http://me:secret@x/v1'}), /^endpoints\.lab: .*password/],
	[
		withLab({baseUrl: 'https://x.example/v1 (safe)'}),
		/\.lab\.baseUrl has spaces/,
	],
	[
		withLab({baseUrl: 'https://аpi.openai.com/v1'}),
		/\.lab\.baseUrl has .*letters/,
	],
	[withLab({keyEnv: 'sk-123456'}), /^endpoints\.lab\.keyEnv is the name of/],
	[withLab({key: 'sk-123456'}), /^endpoints\.lab: .*no key "key"/],
	[
		{...withTrio({}), endpoints: {openai: lab}},
		/\.openai: .*"openai" is taken/,
	],
	[{...withTrio({}), endpoints: {'../x': lab}}, /cannot be called "\.\.\/x"/],
] as const) {
	test(`${JSON.stringify(value).slice(0, 150)} is refused for ${String(message)}`, () => {
		assert.throws(
			() => read(value),
			(error: unknown) => {
				assert.ok(error instanceof UserError);
				assert.match(error.message, message);
				assert.doesNotMatch(
					error.message + error.hint,
					/[\u0000-\u001F\u007F-\u009F\u202E]|123456|secret/,
				);
				return true;
			},
		);
	});
}

/**
JSON of the right shape in which anything may be wrong.
*/
const nearlyRight = (() => {
	const or = (value: unknown) =>
		fc.oneof({weight: 60, arbitrary: fc.constant(value)}, fc.jsonValue());
	const key = (name: string) =>
		fc.oneof({weight: 60, arbitrary: fc.constant(name)}, fc.string());
	const entry = ([name, value]: readonly [string, unknown]) =>
		fc.tuple(
			key(name),
			name === 'members'
				? fc.array(
						fc.oneof(or('lab/a:2'), or(member), or({...member, slot: 'b'})),
					)
				: or(value),
		);
	const consortium = fc
		.tuple(...Object.entries(trio).map(each => entry(each)))
		.map(entries => Object.fromEntries(entries));
	const consortiums = fc.oneof(
		fc.dictionary(fc.oneof(fc.constant('trio'), fc.string()), consortium),
		fc.array(consortium),
	);

	return fc.oneof(
		consortium,
		fc.record({
			v: or(1),
			consortiums,
			endpoints: or({lab}),
		}),
	);
})();

function outcomeOf(text: string) {
	try {
		return {file: readConsortiumFile(text), error: null};
	} catch (error) {
		return {file: null, error};
	}
}

test('whatever a file holds, it is read or refused in a sentence that is safe to show', () => {
	const reached = {read: 0, refused: 0};

	fc.assert(
		fc.property(
			fc.oneof(
				{weight: 3, arbitrary: nearlyRight.map(each => JSON.stringify(each))},
				fc.jsonValue().map(each => JSON.stringify(each)),
				fc.string(),
			),
			text => {
				const {file, error} = outcomeOf(text);

				if (file === null) {
					assert.ok(error instanceof UserError, String(error));
					assert.doesNotMatch(
						error.message + error.hint,
						/[\u0000-\u001F\u007F-\u009F]/,
					);
					reached.refused++;
					return;
				}

				for (const [name, consortium] of Object.entries(file.consortiums)) {
					assert.equal(consortium.name, name);
					assert.ok(consortium.members.length > 0);
				}

				assert.deepEqual(read(file), file, 'it is read again as the same');
				reached.read++;
			},
		),
		{numRuns: 2000},
	);
	assert.ok(reached.read > 100, `${reached.read} were read`);
	assert.ok(reached.refused > 100, `${reached.refused} were refused`);
});

for (const [name, text] of hostileTexts) {
	test(
		`a megabyte of ${name} is refused at once`,
		{timeout: 5000},
		async () => {
			for (const value of [
				text,
				JSON.stringify(text),
				JSON.stringify({[text]: 1}),
				JSON.stringify(withTrio({[text.slice(0, 999)]: 1, stop: text})),
			]) {
				assert.throws(() => readConsortiumFile(value), UserError);
			}

			await timersHaveRun();
		},
	);
}
