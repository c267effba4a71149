import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {
	brokenBlanks,
	fill,
	templateBlanks,
	type TemplateName,
} from '../source/core/template.js';
import {UserError} from '../source/core/user-error.js';
import {findRoles, readTemplates} from '../source/prompts.js';
import {emptyFolder} from './helpers/program.js';

const shipped = readTemplates(null);

test('every shipped template has exactly its blanks', () => {
	for (const name of Object.keys(templateBlanks) as TemplateName[]) {
		assert.deepEqual(brokenBlanks(name, shipped[name].text), [], name);
		assert.match(shipped[name].hash, /^[0-9a-f]{16}$/v);
	}
});

test('the instructions are short: about 600 tokens for the arbiter, 200 for a member', () => {
	const tokens = (name: TemplateName) => shipped[name].text.length / 4;
	assert.ok(tokens('arbiter') < 660, `${tokens('arbiter')}`);
	assert.ok(tokens('system') + tokens('member') < 220);
});

test('the arbiter is asked for the synthesis last, so that all that decides is known before it', () => {
	const {text} = shipped.arbiter;
	const at = [
		'<analysis>',
		'<dissent>',
		'<groups>',
		'<ranking>',
		'<confidence>',
		'<needs_iteration>',
		'<refinement_areas>',
		'<synthesis>',
	].map(tag => text.indexOf(tag));
	assert.ok(at.every(index => index >= 0));
	assert.deepEqual(
		at,
		at.toSorted((left, right) => left - right),
	);
});

test('a template of the person replaces the shipped one, alone, with a hash of its own', () => {
	const own = emptyFolder();
	writeFileSync(
		path.join(own, 'feedback.md'),
		'S {{synthesis}} R {{refinement}} D {{ dissent }}',
	);
	const templates = readTemplates(own);
	assert.equal(templates.arbiter.hash, shipped.arbiter.hash);
	assert.notEqual(templates.feedback.hash, shipped.feedback.hash);
	assert.equal(
		fill(templates.feedback, {synthesis: '1', refinement: '2', dissent: '3'}),
		'S 1 R 2 D 3',
	);
});

test('a template with a wrong blank is refused with the file and the blank', () => {
	const own = emptyFolder();
	writeFileSync(path.join(own, 'feedback.md'), '{{synthesis}} {{refinment}}');
	assert.throws(
		() => readTemplates(own),
		(error: unknown) =>
			error instanceof UserError &&
			error.message.includes('feedback.md') &&
			error.message.includes('{{refinement}} is missing'),
	);
});

test('a value with braces is not filled again, which broke the original', () => {
	assert.equal(
		fill({text: '{{a}} {{b}}', hash: ''}, {a: '{{b}} {x} $&', b: 'no'}),
		'{{b}} {x} $& no',
	);
});

test('a template that cannot be read is refused in a sentence', () => {
	const own = emptyFolder();
	mkdirSync(path.join(own, 'arbiter.md'));
	assert.throws(
		() => readTemplates(own),
		(error: unknown) =>
			error instanceof UserError && error.message.includes('arbiter.md'),
	);
});

test('the shipped roles are short, say which they are, and sound like no other', () => {
	const roles = findRoles(null);
	assert.deepEqual(roles.keys().toArray(), [
		'contrarian',
		'domain-expert',
		'practitioner',
		'researcher',
		'simplifier',
		'skeptic',
		'verifier',
	]);

	for (const [name, textOf] of roles) {
		const text = textOf();
		assert.ok(
			text.startsWith(`Your role is the ${name.replace('-', ' ')}.`),
			name,
		);
		assert.ok(text.length < 400, name);
	}
});

test('a role of the person is added, or replaces the shipped one of its name', () => {
	const own = emptyFolder();
	mkdirSync(path.join(own, 'roles'));
	writeFileSync(path.join(own, 'roles', 'skeptic.md'), 'Doubt.\n');
	writeFileSync(path.join(own, 'roles', 'poet.md'), 'Rhyme.');
	writeFileSync(path.join(own, 'roles', 'notes.txt'), 'No role.');
	const roles = findRoles(own);

	assert.equal(roles.get('skeptic')!(), 'Doubt.');
	assert.equal(roles.get('poet')!(), 'Rhyme.');
	assert.equal(roles.size, findRoles(null).size + 1);
	writeFileSync(path.join(own, 'roles', 'poet.md'), ' \n');
	assert.throws(
		() => roles.get('poet')!(),
		(error: unknown) =>
			error instanceof UserError &&
			error.message.includes('poet.md has no text'),
	);
	mkdirSync(path.join(own, 'roles', 'folder.md'));
	assert.throws(() => findRoles(own).get('folder')!(), /folder\.md is no file/);
	assert.equal(findRoles(emptyFolder()).size, findRoles(null).size);
});
