import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Flags} from '../../source/commands/command.js';
import {UserError} from '../../source/core/user-error.js';
import {parseArguments} from '../../source/commands/parse.js';

const flags = {
	model: {type: 'string', short: 'm', isMultiple: true, meaning: ''},
	count: {type: 'string', short: 'n', meaning: ''},
	maxIterations: {type: 'string', meaning: ''},
	arbiter: {type: 'string', value: 'SPEC,…', meaning: ''},
	quiet: {type: 'boolean', short: 'q', meaning: ''},
	json: {type: 'boolean', meaning: ''},
	noLog: {type: 'boolean', meaning: ''},
} as const satisfies Flags;

const off = {
	model: [],
	count: undefined,
	maxIterations: undefined,
	arbiter: undefined,
	quiet: false,
	json: false,
	noLog: false,
	help: false,
	version: false,
	debug: false,
};

for (const [words, input, given] of [
	[[], [], {}],
	[['What?'], ['What?'], {}],
	[['-m', 'a', 'What?', '--model', 'b'], ['What?'], {model: ['a', 'b']}],
	[['-ma', '-m=b', '--model=c=d'], [], {model: ['a', 'b', 'c=d']}],
	[['-qn3', 'x'], ['x'], {quiet: true, count: '3'}],
	[['--max-iterations', '007'], [], {maxIterations: '007'}],
	[['--max-iterations', '-1'], [], {maxIterations: '-1'}],
	[['--max-iterations=-x'], [], {maxIterations: '-x'}],
	[['--quiet', 'true'], ['true'], {quiet: true}],
	[['-q', 'false', '--json'], ['false'], {quiet: true, json: true}],
	[['-q', '-q'], [], {quiet: true}],
	[['--no-log', 'x'], ['x'], {noLog: true}],
	[['--debug'], [], {debug: true}],
	[
		['-q', '--', 'list', '--json', '-m'],
		['list', '--json', '-m'],
		{quiet: true},
	],
	[['a', '--', '--'], ['a', '--'], {}],
	[['-', '-5', 'x'], ['-', '-5', 'x'], {}],
	[['1', '2.50', ''], ['1', '2.50', ''], {}],
	[['-m', ' two words ', '-m', '"q"'], [], {model: [' two words ', '"q"']}],
	[['-m', 'a\nb'], [], {model: ['a\nb']}],
	[['-m="q"', "--model='q'"], [], {model: ['"q"', "'q'"]}],
] as ReadonlyArray<
	readonly [readonly string[], readonly string[], Partial<typeof off> | object]
>) {
	test(`${JSON.stringify(words)} is read`, () => {
		assert.deepEqual(parseArguments(words, flags), {
			input,
			flags: {...off, ...given},
		});
	});
}

for (const [words, message, hint] of [
	[['--jason'], /^There is no flag --jason\.$/, /Did you mean "--json"\?/],
	[['--maxIterations', '2'], /no flag --maxIterations/, /--max-iterations/],
	[['--no-json'], /no flag --no-json/, /--help/],
	[['-x'], /no flag -x/, /--help/],
	[['-qx'], /no flag -x/, /--help/],
	[['-m'], /--model has no value/, /--model=VALUE/],
	[['-m', '-q'], /--model has no value/, /--model=VALUE/],
	[['-m', '--', 'x'], /--model has no value/, /--model=VALUE/],
	[['--model='], /--model has no value/, /--model=VALUE/],
	[
		['--arbiter', 'a', '--arbiter', 'b'],
		/--arbiter was given 2 times/,
		/once, joined by commas/,
	],
	[['--count', '1', '-n', '2'], /--count was given 2 times/, /once/],
	[['--json=false'], /--json takes no value/, /^$/],
	[['--__proto__'], /no flag/, /--help/],
	[['--model.x', '1'], /no flag --model\.x/, /--model/],
] as const) {
	test(`${JSON.stringify(words)} is refused`, () => {
		assert.throws(() => parseArguments(words, flags), {
			name: 'UserError',
			message,
			hint,
		});
	});
}

test('of a flag of another program it is said what to do instead', () => {
	const said = (word: string) => {
		try {
			parseArguments([word, 'x'], flags, {
				'-d': 'import it.',
				'--database': 'import it.',
			});
		} catch (error) {
			return error instanceof UserError ? [error.message, error.hint] : error;
		}

		return null;
	};

	assert.deepEqual(said('-d'), ['There is no flag -d here: import it.', '']);
	assert.deepEqual(said('-qd'), ['There is no flag -d here: import it.', '']);
	assert.deepEqual(said('--database'), [
		'There is no flag --database here: import it.',
		'',
	]);
	assert.deepEqual(said('-x'), ['There is no flag -x.', 'See --help.']);
	assert.equal(said('-n'), null);
});
