import assert from 'node:assert/strict';
import {
	chmodSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {runOf} from '../helpers/events.js';
import {fillLog} from '../helpers/filled-log.js';
import {emptyFolder, runProgram} from '../helpers/program.js';

const home = emptyFolder();
fillLog(home, [runOf('01a', {prompt: 'Why <b>so</b>?'})]);

const exported = async (...words: readonly string[]) =>
	runProgram(['runs', 'export', '01a', ...words], {home});

test('a run is printed as Markdown unless something else is asked for', async () => {
	const {code, stdout} = await exported();

	assert.equal(code, 0);
	assert.match(stdout, /^# Run 01a\n/);
	assert.match(stdout, /\n```text\nWhy <b>so<\/b>\?\n```\n/);
	assert.equal((await exported('--format', 'md')).stdout, stdout);
});

test('as JSON it is what is shown as JSON', async () => {
	const {stdout} = await exported('--format', 'json');
	const shown = await runProgram(['runs', 'show', '01a', '--json'], {home});

	assert.equal(stdout, shown.stdout);
});

for (const [name, beginning] of [
	['run.md', '# Run 01a\n'],
	['run.txt', '# Run 01a\n'],
	['run.JSON', '{\n  "id": "01a",'],
	['run.html', '<!doctype html>\n'],
	['run.htm', '<!doctype html>\n'],
] as const) {
	test(`the name ${name} says in which form it is written`, async () => {
		const file = join(emptyFolder(), 'new', name);
		const {code, stdout} = await exported('-o', file);

		assert.equal(code, 0);
		assert.equal(stdout, `Wrote run 01a to ${file}\n`);
		assert.ok(readFileSync(file, 'utf8').startsWith(beginning));
	});
}

test('a form that is named counts more than the name of the file', async () => {
	const file = join(emptyFolder(), 'run.md');
	await exported('-o', file, '--format', 'html');

	assert.match(readFileSync(file, 'utf8'), /Why &lt;b&gt;so&lt;\/b&gt;\?/);
});

test('a file that is there is overwritten only with --force', async () => {
	const file = join(emptyFolder(), 'run.md');
	writeFileSync(file, 'Mine.');
	const refused = await exported('-o', file);

	assert.equal(refused.code, 2);
	assert.match(refused.stderr, /exists\. Overwrite it\?/);
	assert.equal(readFileSync(file, 'utf8'), 'Mine.');
	assert.equal((await exported('-o', file, '--force')).code, 0);
	assert.match(readFileSync(file, 'utf8'), /^# Run 01a/);
});

test('what a link leads to is written, keeps its mode, and the link stays', async () => {
	const folder = emptyFolder();
	const file = join(folder, 'there', 'run.md');
	const link = join(folder, 'link.md');
	mkdirSync(join(folder, 'there'));
	writeFileSync(file, 'Mine.');
	chmodSync(file, 0o666);
	symlinkSync('there/run.md', link);
	const {code, stderr} = await exported('-o', link, '--force');

	assert.equal(code, 0, stderr);
	assert.equal(readlinkSync(link), 'there/run.md');
	assert.match(readFileSync(file, 'utf8'), /^# Run 01a/);
	assert.equal(statSync(file).mode % 0o1000, 0o666);
	assert.deepEqual(readdirSync(join(folder, 'there')), ['run.md']);

	chmodSync(file, 0o600);
	await exported('-o', file, '--force');
	assert.equal(statSync(file).mode % 0o1000, 0o600);
});

test('a link to what is not there is asked about, and what it leads to is made', async () => {
	const folder = emptyFolder();
	const link = join(folder, 'second.md');
	mkdirSync(join(folder, 'there'));
	symlinkSync('second.md', join(folder, 'link.md'));
	symlinkSync('there/run.md', link);
	const refused = await exported('-o', join(folder, 'link.md'));

	assert.equal(refused.code, 2);
	assert.match(refused.stderr, /exists\. Overwrite it\?/);
	assert.deepEqual(readdirSync(join(folder, 'there')), []);

	const forced = await exported('-o', join(folder, 'link.md'), '--force');
	assert.equal(forced.code, 0, forced.stderr);
	assert.ok(lstatSync(link).isSymbolicLink());
	assert.match(
		readFileSync(join(folder, 'there', 'run.md'), 'utf8'),
		/^# Run 01a/,
	);
});

test('a link into a folder that is not there is refused, and stays', async () => {
	const folder = emptyFolder();
	const link = join(folder, 'link.md');
	symlinkSync('gone/run.md', link);
	const {code, stderr} = await exported('-o', link, '--force');

	assert.equal(code, 2);
	assert.match(stderr, /it is a link to .*gone\/run\.md, whose\s+folder is/);
	assert.deepEqual(readdirSync(folder), ['link.md']);
});

for (const [words, message] of [
	[['runs', 'export'], /The id is missing/],
	[['runs', 'export', '09'], /no run/],
	[
		['runs', 'export', '01a', '--format', 'pdf'],
		/--format takes md, json, or html/,
	],
	[
		['runs', 'show', '01a', '--format', 'html'],
		/--format means nothing to "runs show"/,
	],
	[
		['runs', 'list', '--arbiter', 'x'],
		/--arbiter means nothing to "runs list"/,
	],
	[['runs', 'costs', '-n', '3'], /--count means nothing to "runs costs"/],
] as const) {
	test(`${words.join(' ')} is a usage error`, async () => {
		const {code, stdout, stderr} = await runProgram(words, {home});

		assert.equal(code, 2);
		assert.equal(stdout, '');
		assert.match(stderr, message);
	});
}
