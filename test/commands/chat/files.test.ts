import assert from 'node:assert/strict';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {test, type TestContext} from 'node:test';
import {editText} from '../../../source/commands/chat/files.js';
import {UserError} from '../../../source/core/user-error.js';
import {placeAt} from '../../helpers/place.js';
import {emptyFolder} from '../../helpers/program.js';
import {servicesAt} from '../../helpers/services.js';

/**
Edit a text with an editor made of lines for a shell, `$1` being the file, in a temporary folder of its own.
*/
async function edited(t: TestContext, text: string, script: string) {
	const home = emptyFolder();
	const temporary = join(home, "it's temporary");
	const editor = join(home, 'editor');
	mkdirSync(temporary);
	writeFileSync(editor, `#!/bin/sh\n${script}\n`);
	chmodSync(editor, 0o755);
	const before = process.env['TMPDIR'];
	process.env['TMPDIR'] = temporary;
	t.after(() => {
		if (before === undefined) {
			delete process.env['TMPDIR'];
		} else {
			process.env['TMPDIR'] = before;
		}
	});
	const place = {
		...placeAt({home}),
		environment: {PATH: process.env['PATH'], EDITOR: editor, HERE: home},
	};
	const outcome = await editText(place, text).catch((error: unknown) => error);
	return {home, temporary, outcome, left: readdirSync(temporary)};
}

for (const [what, text, script, outcome] of [
	['changed', 'old', 'printf new > "$1"', 'new'],
	['left as it was', 'old', ':', null],
	['saved unchanged by an editor that ends lines', 'old', 'echo >> "$1"', null],
	['given a line', 'old\n', 'echo new >> "$1"', 'old\nnew\n'],
	['emptied', 'old', ': > "$1"', ''],
	['replaced by another file', 'old', 'rm "$1"; echo new > "$1"', 'new'],
] as const) {
	test(`a text that is ${what} comes back so, and no file is left`, async t => {
		const result = await edited(t, text, script);
		assert.equal(result.outcome, outcome);
		assert.deepEqual(result.left, []);
	});
}

test('while it is edited nobody else can read it', async t => {
	const {home} = await edited(
		t,
		'secret',
		'ls -ld "$1" > "$HERE/modes"; ls -ld "$(dirname "$1")" >> "$HERE/modes"',
	);
	const modes = readFileSync(join(home, 'modes'), 'utf8')
		.trim()
		.split('\n')
		.map(line => line.slice(0, 10));

	assert.deepEqual(modes, ['-rw-------', 'drwx------']);
});

test('an editor that fails loses nothing of what was written', async t => {
	const {outcome, left, temporary} = await edited(
		t,
		'old',
		'echo precious > "$1"; exit 3',
	);

	assert.ok(outcome instanceof UserError);
	assert.match(outcome.message, /ended with 3/);
	const file = join(temporary, left[0]!, 'text.md');
	assert.ok(outcome.hint.includes(file));
	assert.equal(readFileSync(file, 'utf8'), 'precious\n');
});

test('an editor that fails without a change leaves no file', async t => {
	const {outcome, left} = await edited(t, 'old', 'exit 3');

	assert.ok(outcome instanceof UserError);
	assert.deepEqual(left, []);
});

test('without an editor the person is told how to name one', async t => {
	await assert.rejects(
		servicesAt(t).services.editText('text'),
		(error: unknown) =>
			error instanceof UserError && error.hint.includes('EDITOR=nano'),
	);
});

test('a file is written once, at the place it is named, also in the own folder', async t => {
	const home = emptyFolder();
	const {services} = servicesAt(t, {env: {HOME: home}});
	const file = join(home, 'answer.md');

	assert.equal(await services.writeFile('~/answer.md', 'It is so.\n'), file);
	assert.equal(readFileSync(file, 'utf8'), 'It is so.\n');

	for (const name of [file, '~', home]) {
		await assert.rejects(
			services.writeFile(name, 'lost'),
			(error: unknown) =>
				error instanceof UserError && error.message.includes('there already'),
		);
	}

	assert.equal(readFileSync(file, 'utf8'), 'It is so.\n');
});

test('no folder is made for a file', async t => {
	const folder = join(emptyFolder(), 'none');

	await assert.rejects(
		servicesAt(t).services.writeFile(join(folder, 'x.md'), 'text'),
		(error: unknown) =>
			error instanceof UserError && error.message.includes('cannot be written'),
	);
	assert.equal(existsSync(folder), false);
});

test('what was asked is remembered across sessions', async t => {
	const home = emptyFolder();
	const first = servicesAt(t, {home});
	await first.services.remember('One?');
	await first.services.remember('Two\nlines?');
	const second = servicesAt(t, {home});

	assert.deepEqual(await second.services.history(), ['One?', 'Two\nlines?']);
});
