import assert from 'node:assert/strict';
import {join} from 'node:path';
import {PassThrough, Writable} from 'node:stream';
import {test} from 'node:test';
import fc from 'fast-check';
import {type Place} from '../../source/commands/command.js';
import {logs} from '../../source/commands/logs.js';
import {listingForms} from '../../source/commands/logs/listing-forms.js';
import {parseArguments} from '../../source/commands/parse.js';
import {UserError} from '../../source/core/user-error.js';
import {openLog} from '../../source/store/database.js';
import {
	type LoggedResponse,
	showResponse,
} from '../../source/store/responses.js';
import {columnsOf} from '../../source/text/columns.js';
import {deleteLogged} from '../../source/store/trash.js';
import {addResponse, fillListedLog, ids} from '../helpers/listed-log.js';
import {emptyFolder} from '../helpers/program.js';

const home = emptyFolder();
const log = openLog(join(home, 'log.db'));
fillListedLog(log);
const wholeAnswer = showResponse(log, ids.code);
log.close();

const {wal, code, output, foundMember, foundArbiter} = ids;

async function list(
	words: readonly string[],
	{
		at = home,
		columns = 0,
	}: {readonly at?: string; readonly columns?: number} = {},
): Promise<{readonly stdout: string; readonly stderr: string}> {
	const texts = {stdout: '', stderr: ''};
	const stream = (name: keyof typeof texts) =>
		Object.assign(
			new Writable({
				decodeStrings: false,
				write(text: string, _encoding, done) {
					texts[name] += text;
					done();
				},
			}),
			columns > 0 ? {isTTY: true, columns} : {},
		);
	const place: Place = {
		stdin: new PassThrough(),
		stdout: stream('stdout'),
		stderr: stream('stderr'),
		environment: {CONSORTIUM_TUI_HOME: at},
		version: '0.0.0',
		isDebug: false,
	};
	const {input, flags} = parseArguments(words, logs.flags);
	assert.equal(await logs.run({input, flags, place}), 0);
	return texts;
}

const listed = async (...words: readonly string[]) =>
	(
		JSON.parse((await list([...words, '--json'])).stdout) as LoggedResponse[]
	).map(({id}) => id);

const dayOf = (at: number) => {
	const date = new Date(at);
	const two = (number: number) => String(number).padStart(2, '0');
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

for (const [words, expected] of [
	[[], [wal, code, output, '01ya', '01yb']],
	[
		['-n', '2'],
		['01ya', '01yb'],
	],
	[
		['-n', '0', '--role', 'arbiter'],
		[foundArbiter, '01ya-arbiter-1', '01yb-arbiter-1'],
	],
	[['-m', 'gpt-4o'], [wal]],
	[
		['-m', 'gpt-4o', '--role', 'all'],
		[wal, foundMember, foundArbiter],
	],
	[
		['-q', 'sqlite'],
		[wal, code],
	],
	[
		['-q', 'sqlite', '-l'],
		[code, wal],
	],
	[['-q', "sqlite's"], []],
	[['--run', '01ya'], ['01ya']],
	[
		['--run', '01ya', '--role', 'member'],
		['01ya-luna-1', '01ya-opus-1'],
	],
	[['--cid', '01yb-chat', '-n', '1', '--role', 'all'], ['01yb-opus-1']],
	[
		['--cid', 'py-c', '--role', 'all'],
		[output, foundMember, foundArbiter],
	],
	[['-c'], ['01yb']],
	[['--consortium', 'pyduo'], [output]],
	[
		['--confidence', '<0.7'],
		[output, '01yb'],
	],
	[['--confidence', '<=40%'], ['01yb']],
	[['--confidence', '<0.4'], []],
	[['--confidence', '>0.9'], []],
	[['--confidence', '>=0.9'], ['01ya']],
	[['--confidence', '=0.6'], [output]],
	[['--confidence', '0.9'], ['01ya']],
	[
		['--confidence', '0.5..90%'],
		[output, '01ya'],
	],
	[['--state', 'unconverged'], ['01yb']],
	[
		['--state', 'truncated', '--role', 'all'],
		['01ya-luna-1', '01yb-luna-1'],
	],
	[
		['--since', dayOf(Date.UTC(2025, 0, 10, 12))],
		[output, '01ya', '01yb'],
	],
	[['--until', dayOf(Date.UTC(2024, 4, 1, 10))], [wal]],
	[
		[
			'--since',
			dayOf(Date.UTC(2024, 4, 2, 12)),
			'--until',
			dayOf(Date.UTC(2025, 0, 10, 12)),
		],
		[code, output],
	],
	[
		['--id-gt', output],
		['01ya', '01yb'],
	],
	[
		['--id-gte', output],
		[output, '01ya', '01yb'],
	],
	[['-q', 'sqlite', '--id-gte', code, '--until', '2030-01-01'], [code]],
] as const) {
	test(`logs ${words.join(' ')} lists what it asks for`, async () => {
		assert.deepEqual(await listed(...words), expected);
	});
}

for (const [words, message] of [
	[['-s', '--json'], /^--short and --json contradict each other/],
	[['-r', '-x'], /^--response and --extract contradict/],
	[['-x', '--xl'], /^--extract and --xl contradict/],
	[['--full', '-s'], /^--full and --short contradict/],
	[['-t', '-r'], /^--truncate and --response contradict/],
	[['-c', '--cid', 'x'], /^--current and --cid contradict/],
	[['-l'], /^--latest means nothing without --query/],
	[['--role', 'judge'], /^--role takes final, member, arbiter, or all/],
	[['--state', 'odd'], /^--state takes answered, .* or imported, not "odd"/],
	[['--confidence', 'high'], /^--confidence takes a confidence such as/],
	[
		['--confidence', '0.9..0.5'],
		/^--confidence takes a range from less to more/,
	],
	[['--confidence', '<'], /^--confidence takes/],
	[['--since', 'yesterday'], /^--since takes a day/],
	[['--until', '2026-02-30'], /^--until takes a day/],
	[['-n', '-1'], /^--count takes a whole number/],
	[['-q', '"open'], /^""open" is no query/],
	[['--run', 'zz'], /^The log has no run `zz`/],
	[['--cid', 'zz'], /^The log has no conversation `zz`/],
	[['--cid', '01'], /^More than one conversation begins/],
	[['words'], /There is no "logs words"/],
] as const) {
	test(`logs ${words.join(' ')} is a mistake that can be put right`, async () => {
		await assert.rejects(
			list(words),
			(error: unknown) =>
				error instanceof UserError && message.test(error.message),
		);
	});
}

test('where nothing is found, it is said why that may be', async () => {
	const empty = emptyFolder();
	const said = async (...words: readonly string[]) => {
		const {stdout, stderr} = await list(words);
		assert.equal(stdout, '');
		return stderr;
	};

	assert.deepEqual(await list([], {at: empty}), {
		stdout: '',
		stderr: 'Nothing is in the log yet.\n',
	});
	assert.deepEqual(await list(['--json'], {at: empty}), {
		stdout: '[]\n',
		stderr: '',
	});
	assert.equal(
		await said('-m', 'luna'),
		'No final answer matches. 2 answers of members match: --role member.\n',
	);
	assert.equal(
		await said('-q', 'weigh'),
		'No final answer matches. 2 answers of arbiters match: --role arbiter.\n',
	);
	assert.match(
		await said('--until', '2001-01-01'),
		/^Nothing in the log matches/,
	);
	assert.equal(
		await said('--consortium', 'nope'),
		'The log has no run of a consortium "nope".\n',
	);
	assert.match(
		await said('-m', 'x', '--role', 'all'),
		/Nothing in the log matches/,
	);
	assert.match(await said('-x', '-m', 'gpt-4o'), /has a fenced block/);
	assert.equal((await list(['-m', 'x', '--json'])).stdout, '[]\n');
});

test('of imported answers it is listed what is known, and said of how many nothing is', async () => {
	const at = emptyFolder();
	const imported = openLog(join(at, 'log.db'));
	fillListedLog(imported);
	imported.exec(`
		INSERT INTO consortium_imported (response_id, source_id, generation)
			SELECT id, 1, 1 FROM responses WHERE id NOT GLOB '01y*';
		UPDATE responses SET response = '' WHERE id = '${code}';
	`);
	const idsOf = async (...words: readonly string[]) =>
		(
			JSON.parse(
				(await list([...words, '--json'], {at})).stdout,
			) as LoggedResponse[]
		).map(({id}) => id);
	assert.deepEqual(await idsOf('--state', 'answered'), [wal, output]);
	assert.deepEqual(await idsOf('--state', 'empty'), [code]);
	assert.deepEqual(await idsOf('--confidence', '60%', '--role', 'all'), [
		output,
		foundArbiter,
	]);
	const {stdout, stderr} = await list(
		['--confidence', '<10%', '--role', 'member'],
		{at},
	);
	assert.equal(stdout, '');
	assert.equal(
		stderr,
		'Nothing in the log matches. 1 imported answer has no confidence in this list.\n',
	);
	assert.match(
		(await list(['--confidence', '<10%'], {at})).stderr,
		/2 imported answers have no confidence/,
	);

	imported.exec(`
		UPDATE responses SET response = '' WHERE id = '${output}';
		INSERT INTO consortium_found_responses
			(response_id, run_id, role, is_arbiter_response, evidence, decided_by, version)
			VALUES ('${foundArbiter}', '${output}', 'arbiter', 1, '[]', 'evidence', 1);
		UPDATE responses SET input_tokens = 30, output_tokens = 4
			WHERE id IN ('${foundArbiter}', '${foundMember}');
	`);
	assert.deepEqual(await idsOf('--state', 'unanswered'), [output]);
	const usage = async () => (await list(['-u', '--run', output], {at})).stdout;
	assert.match(await usage(), / pyduo +60 → 8 +\? .* \(empty\)$/m);
	imported.exec(
		`UPDATE responses SET input_tokens = 'many' WHERE id = '${foundMember}'`,
	);
	assert.match(await usage(), / pyduo +\? → 8 /);
	imported.close();
});

test('where all was deleted, it is said that it can come back', async () => {
	const at = emptyFolder();
	const emptied = openLog(join(at, 'log.db'));
	fillListedLog(emptied);
	deleteLogged(
		emptied,
		{kind: 'all'},
		{id: 'd1', now: Date.now(), what: 'everything'},
	);
	emptied.close();
	const status = await list(['status'], {at});

	assert.match(
		(await list([], {at})).stderr,
		/^Nothing is in the log\. What was/,
	);
	assert.match(
		status.stdout,
		/\n0 runs, 0 conversations, 0 answers\n13 deleted answers can be brought back/,
	);
});

test('imported answers are counted apart, and listed when they are asked for', async () => {
	const at = emptyFolder();
	const imported = openLog(join(at, 'log.db'));
	fillListedLog(imported);
	imported.exec(`
		INSERT INTO consortium_imported (response_id, source_id, generation)
		SELECT id, 1, 1 FROM responses WHERE id NOT GLOB '01y*';
	`);
	imported.close();
	const found = JSON.parse(
		(await list(['--state', 'imported', '--json'], {at})).stdout,
	) as LoggedResponse[];

	assert.deepEqual(
		found.map(({id}) => id),
		[wal, code, output],
	);
	assert.match(
		(await list(['status'], {at})).stdout,
		/\n2 runs, 1 imported, 5 conversations, 13 answers\n/,
	);
});

test('a table tells the role, the confidence and the usage when they are asked for', async () => {
	const {stdout} = await list([
		'--run',
		'01yb',
		'--role',
		'all',
		'-u',
		'--confidence',
		'>0',
	]);

	assert.deepEqual(
		stdout.split('\n').map(line => line.split(/ {2,}/)),
		[
			[
				'id',
				'time',
				'role',
				'conf',
				'by',
				'tokens',
				'cost',
				'prompt',
				'answer',
			],
			[
				'01yb',
				localMinute,
				'final',
				'40%',
				'duo',
				'120 → 30',
				'$0.025 or more',
				'What is the second?',
				'Forty-two, both say.',
			],
			[
				'01yb-arbiter-1',
				localMinute,
				'arbiter',
				'90%',
				'anthropic/opus',
				'120 → 30',
				'$0.013',
				'How to weigh. A: Forty-two. B: Probably 4',
				'<synthesis>Forty-two, both say.</synthesis>',
			],
			[
				'01yb-opus-1',
				localMinute,
				'member',
				'85%',
				'anthropic/opus',
				'120 → 30',
				'$0.013',
				'What is the second?',
				'Forty-two.',
			],
			[''],
		],
	);
});

const started = new Date(
	2026,
	10,
	20,
	22,
	18 - new Date(2026, 10, 20).getTimezoneOffset(),
);
const localMinute = `${dayOf(started.getTime())} ${String(started.getHours()).padStart(2, '0')}:${String(started.getMinutes()).padStart(2, '0')}`;

test('a narrow terminal shows beginnings of ids that are enough, and prompt and answer', async () => {
	const {stdout} = await list(['-n', '0', '--role', 'all'], {columns: 80});
	const lines = stdout.trimEnd().split('\n');
	const cells = lines.map(line => line.split(/ {2,}/));

	assert.deepEqual(cells[0], ['id', 'time', 'role', 'by', 'prompt', 'answer']);
	assert.ok(lines.every(line => columnsOf(line) <= 80));
	assert.ok(
		lines.some(line => /Which is be….*The left/.test(line)),
		stdout,
	);

	for (const [id] of cells.slice(1)) {
		const shown = await list(['show', id!, '--json']);
		assert.equal(
			(JSON.parse(shown.stdout) as LoggedResponse).id.startsWith(id!),
			true,
		);
	}

	assert.ok(cells.some(([id]) => id === wal.slice(0, 8)));
	const year = new Date().getFullYear();
	assert.ok(cells.slice(1).every(([, time]) => !time!.startsWith(`${year}-`)));
	const wide = await list(['-n', '0'], {columns: 120});
	assert.ok(wide.stdout.includes(output));
});

test('a run without a consortium of a name is told by its members', async () => {
	const at = emptyFolder();
	const unnamed = openLog(join(at, 'log.db'));
	fillListedLog(unnamed);
	unnamed.exec(
		"UPDATE responses SET model = 'unsaved' WHERE id IN ('01ya', '01yb')",
	);
	unnamed.exec(
		"UPDATE consortium_runs SET instances = 'damaged' WHERE id = '01yb'",
	);
	unnamed.close();
	const {stdout} = await list(['-n', '2'], {at});
	assert.match(stdout, /^01ya .* opus#1, luna#1 +What is the first/m);
	assert.match(stdout, /^01yb .* unsaved +What is the second/m);
});

test('what costs are not known is a question mark in the table', async () => {
	const {stdout} = await list(['-u', '--id-gte', wal, '-n', '0']);
	assert.match(stdout, / gpt-4o +7 → 3 +\? +How does/);
	assert.match(stdout, / openrouter\/meta\/llama +\? → \? +\? +Show me code/);
});

test('the long form is Markdown, with the system prompt where it changes', async () => {
	const {stdout} = await list([
		'--full',
		'-u',
		'-n',
		'0',
		'--role',
		'all',
		'--id-gte',
		code,
		'--until',
		'2024-12-01',
	]);
	assert.equal(
		stdout,
		`# 2024-05-02T12:00:00Z    conversation: other id: ${code}

Model: **openrouter/meta/llama** (llama-3)

Options: {"temperature": 0.5}

## Prompt

Show me code

## System

Be brief.

## Response

${wholeAnswer.response}

Usage: tokens unknown, cost unknown

`,
	);
	const members = await list(['--full', '--run', '01ya', '--role', 'member']);
	assert.equal(members.stdout.match(/^## System$/gm)?.length, 1);
	assert.match(
		members.stdout,
		/^Run: 01ya, duo, member, iteration 1, opus#1, answered, confidence 85%$/m,
	);
});

test('the short form is YAML like that of llm', async () => {
	const {stdout} = await list(['-s', '-u', '-q', 'wal OR code', '-l']);

	assert.equal(
		stdout,
		`- id: "${code}"
  model: "openrouter/meta/llama"
  datetime: "2024-05-02T12:00:00Z"
  conversation: "other"
  run: null
  role: "final"
  state: "answered"
  confidence: null
  system: "Be brief."
  prompt: "Show me code"
  usage:
    input: null
    output: null
    details: null
    cost_usd: null
- id: "${wal}"
  model: "gpt-4o"
  datetime: "2024-05-01T10:00:00Z"
  conversation: "talk"
  run: null
  role: "final"
  state: "answered"
  confidence: null
  prompt: "How does the sqlite wal work?"
  usage:
    input: 7
    output: 3
    details: ${JSON.stringify('{"cached_tokens":2}')}
    cost_usd: null
`,
	);
});

test('whatever a response holds, the short form is lines of a key and a value in JSON, which YAML reads', () => {
	fc.assert(
		fc.property(
			fc.record({
				model: fc.string({unit: 'binary'}),
				prompt: fc.string({unit: 'binary', maxLength: 300}),
				system: fc.option(fc.string({unit: 'grapheme'})),
				datetimeUtc: fc.string(),
				tokenDetails: fc.option(fc.string()),
			}),
			odd => {
				const row = {...wholeAnswer, startedAt: null, ...odd};
				const [text] = listingForms.short([row], {
					hasUsage: true,
					isTruncated: false,
				});
				// The characters that YAML 1.1 and 1.2 print; the rest is escaped.
				assert.match(
					text!,
					/^[\n -~\u00A0-\u2027\u202F-\u2065\u206A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD\u{10000}-\u{10FFFF}]+$/u,
				);
				const values = new Map(
					text!
						.trimEnd()
						.split('\n')
						.filter(line => !line.endsWith('usage:'))
						.map(line => {
							const [, key, value] = /^[- ] {1,3}([a-z_]+): (.+)$/.exec(line)!;
							return [key, JSON.parse(value!) as unknown];
						}),
				);
				assert.equal(values.get('model'), odd.model);
				assert.equal(values.get('datetime'), odd.datetimeUtc);
				assert.equal(values.get('details'), odd.tokenDetails);
				assert.ok([...String(values.get('prompt'))].length <= 120);
			},
		),
	);
});

test('the short form escapes what YAML breaks a line at', () => {
	const [text] = listingForms.short(
		[{...wholeAnswer, model: '\u0085\u2028\u2029\uFEFF\u007F'}],
		{
			hasUsage: false,
			isTruncated: false,
		},
	);
	assert.match(text!, /model: "\\u0085\\u2028\\u2029\\ufeff\\u007f"\n/);
});

test('JSON has every field, and with -t neither whole texts nor JSON of others', async () => {
	const whole = JSON.parse(
		(await list(['--json', '-m', 'llama-3'])).stdout,
	) as unknown;
	const cut = JSON.parse(
		(await list(['--json', '-t', '--run', '01ya'])).stdout,
	) as LoggedResponse[];

	assert.deepEqual(whole, [wholeAnswer]);
	assert.equal(wholeAnswer.responseJson, '{"id":"x"}');
	assert.equal('responseJson' in cut[0]!, false);
	assert.equal('optionsJson' in cut[0]!, false);
	assert.equal(cut[0]!.costUsd, 0.025);
});

test('with -t questions and answers are cut to 100 characters', async () => {
	const at = emptyFolder();
	const long = openLog(join(at, 'log.db'));
	addResponse(long, {
		id: 'a',
		model: 'm',
		prompt: '💬'.repeat(101),
		response: 'y'.repeat(100),
	});
	long.close();
	const {stdout} = await list(['-t', '--json'], {at});
	const [row] = JSON.parse(stdout) as LoggedResponse[];

	assert.equal(row!.prompt, `${'💬'.repeat(99)}…`);
	assert.equal(row!.response, 'y'.repeat(100));
	const full = await list(['-t', '--full'], {at});
	assert.match(full.stdout, /\n(?:💬){99}…\n/);
	assert.deepEqual(await list(['-t'], {at}), full);
});

test('only the latest answer, or the best match, comes with -r', async () => {
	assert.equal((await list(['-r'])).stdout, 'Forty-two, both say.\n');
	assert.equal(
		(await list(['-r', '-m', 'gpt-4o'])).stdout,
		'Writers append.\n',
	);
	assert.equal(
		(await list(['-r', '-q', 'sqlite'])).stdout,
		'Writers append.\n',
	);
	assert.equal(
		(await list(['-r', '--cid', 'other'])).stdout,
		wholeAnswer.response,
	);
	assert.equal((await list(['-r', '--role', 'member'])).stdout, 'Forty-two.\n');
});

test('the first or last fenced block comes from the first answer that has one', async () => {
	assert.equal((await list(['-x'])).stdout, 'SELECT 1;\n');
	assert.equal((await list(['--xl'])).stdout, 'SELECT 2;\n');
	assert.equal((await list(['-x', '-q', 'sqlite'])).stdout, 'SELECT 1;\n');
});

test('on a terminal a response is one line that fits and does nothing', async () => {
	const at = emptyFolder();
	const hostile = openLog(join(at, 'log.db'));
	const trap = '\u001B[2J\u001B]0;title\u0007\r\n\u009B31m\u202Ereversed ';
	addResponse(hostile, {
		id: 'a\nb',
		model: trap,
		resolved_model: trap,
		prompt: trap.repeat(100),
		system: trap,
		options_json: trap,
		response: `${trap}\n\`\`\`\n${trap}\n\`\`\`\n`,
		conversation_id: trap,
		datetime_utc: trap,
		token_details: trap,
	});
	hostile.close();
	const {stdout} = await list([], {at, columns: 70});
	const lines = stdout.trimEnd().split('\n');

	assert.equal(lines.length, 2);
	assert.ok(lines.every(line => columnsOf(line) <= 70));

	for (const form of ['--full', '-s', '--json', '-r', '-x']) {
		const shown = await list([form, '-u', '-n', '0'], {at, columns: 70});
		assert.doesNotMatch(
			shown.stdout,
			/[\0-\u0008\u000B-\u001F\u007F-\u009F\u202E]/,
		);
		assert.ok(shown.stdout.includes('reversed'));
	}
});

test('where nobody reads any more, no more is read', async () => {
	const written: string[] = [];
	const stdout = new Writable({
		write(text: Uint8Array, _encoding, done) {
			written.push(text.toString());
			done(new Error('EPIPE'));
		},
	});
	stdout.on('error', () => undefined);
	const {input, flags} = parseArguments(['--full'], logs.flags);
	const place = {
		stdin: new PassThrough(),
		stdout,
		stderr: new PassThrough(),
		environment: {CONSORTIUM_TUI_HOME: home},
		version: '0.0.0',
		isDebug: false,
	};

	assert.equal(await logs.run({input, flags, place}), 0);
	assert.equal(written.length, 1);
});

test('one answer is shown with its place, its options and what it took', async () => {
	const {stdout} = await list(['show', '01yb-luna']);

	assert.match(
		stdout,
		/run 01yb, trio, member, iteration 1, luna#1, truncated {2}conversation 01yb-luna\n/,
	);
	assert.match(stdout, /\n120 tokens in, 30 out .*, cost unknown\n/);
	assert.match(stdout, /\nOptions\n\n\{"temperature":0\.2\}\n/);
	const shown = JSON.parse(
		(await list(['show', code, '--json'])).stdout,
	) as unknown;
	assert.deepEqual(shown, wholeAnswer);
});
