import assert from 'node:assert/strict';
import {before, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {emptyFolder, runProgram} from '../../helpers/program.js';

const home = emptyFolder();
const fixtures = ['consortium-0.31.db', 'logs-0.31.db'].map(name =>
	fileURLToPath(new URL(`../../fixtures/llm/${name}`, import.meta.url)),
);

/**
So long that answers which repeat it are longer than what is shown of one.
*/
const question = `Tabs, or ${'perhaps '.repeat(80)}spaces?`;

type Shown = Readonly<Record<string, unknown>> & {
	readonly id: string;
	readonly status: string;
	readonly recordedId: string | null;
	readonly confidence: number | null;
	readonly iterations: number;
	readonly responses: ReadonlyArray<{
		readonly role: string;
		readonly iteration: number | null;
		readonly text: string | null;
	}>;
};

const runs = async (...words: readonly string[]) =>
	runProgram(['runs', ...words], {home});

const asJson = async (...words: readonly string[]) =>
	JSON.parse((await runs(...words, '--json')).stdout) as unknown;

let imported: Shown;

before(async () => {
	const {code, stderr} = await runProgram(['logs', 'import', ...fixtures], {
		home,
	});
	assert.equal(code, 0, stderr);
	const all = (await asJson('list', '-n', '0')) as Shown[];
	const {id} = all.find(
		({iterations, confidence, recordedId}) =>
			iterations > 1 && confidence !== null && recordedId !== null,
	)!;
	imported = (await asJson('show', id)) as Shown;
});

test('an imported run is told like one of ours: by iteration, with every answer and the confidence of each verdict', async () => {
	const {stdout} = await runs('show', imported.id);
	const [head = '', ...iterations] = stdout.split(/^Iteration /m);
	assert.equal(iterations.length, imported.iterations);
	assert.ok(head.startsWith(`run ${imported.id}: imported; its program calls`));
	assert.match(head, / · cost unknown · /);

	for (const each of iterations) {
		assert.match(each, /✓ \S+#1 answered · .*confidence /);
		assert.match(each, /as its program recorded it/);
		assert.match(each, /verdict of (?:final )?arbiter: confidence \d+% · /);
	}

	assert.match(
		stdout,
		/Cost\n {2}all · \d+ calls · tokens.* · cost unknown\n$/,
	);
	assert.doesNotMatch(stdout, /(?<!its program )recorded/);
});

test('an imported run shows its answers whole with --answers, and their beginnings without', async () => {
	const long = (await asJson('show', '913a6727')) as Shown;
	const {stdout: short} = await runs('show', long.id);
	const {stdout: whole} = await runs('show', long.id, '--answers');
	const members = long.responses.filter(({role}) => role === 'member');
	assert.ok(members.some(({text}) => text!.length > 2000));

	for (const {text} of members) {
		const lines = text!.trim().split('\n');
		assert.ok(lines.every(line => whole.includes(`│ ${line}`.trimEnd())));
		assert.ok(short.includes(`│ ${lines[0]}`.trimEnd()));
	}

	assert.match(short, /│ .*…$/m);
	assert.doesNotMatch(whole, /│ .*…$/m);
	assert.ok(whole.length > short.length + 1500);
});

test('an imported run as JSON has all keys of the list, where ours have them too', async () => {
	const run = await runProgram(
		['run', '-C', 'demo', '-q', '--max-iterations', '1', question],
		{home},
	);
	assert.equal(run.stderr, '');
	const all = (await asJson('list', '-n', '0')) as Shown[];
	const own = all.find(({status}) => status !== 'imported')!;
	assert.deepEqual(
		Object.keys(own).filter(key => !Object.hasOwn(imported, key)),
		[],
	);
	assert.equal(imported['costUsd'], null);
});

test('an imported run cannot be exported, and it is said what to do instead', async () => {
	const {code, stderr} = await runs('export', imported.id);
	assert.equal(code, 2);
	assert.match(stderr, /was imported and cannot be exported/);
	assert.match(stderr, /runs show \S+ --answers, or with --json/);
});

test('a run of ours shows its answers whole with --answers', async () => {
	const all = (await asJson('list', '-n', '0')) as Shown[];
	const {id} = all.find(({status}) => status !== 'imported')!;
	const {stdout: short} = await runs('show', id);
	const {stdout: whole} = await runs('show', id, '--answers');
	assert.match(short, /│ .*…$/m);
	assert.doesNotMatch(whole, /│ .*…$/m);
	assert.ok(whole.length > short.length);
});
