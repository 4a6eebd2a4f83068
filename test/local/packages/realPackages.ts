/** A function that uses a package from npm, and what it must answer. */
export interface PackageProgram {
  /** With versions: `npm install` takes them. */
  readonly install: readonly string[];
  /** The text of index.mjs. */
  readonly code: string;
  readonly answer: unknown;
  /** Further files. */
  readonly files?: Readonly<Record<string, string>>;
  /** Run in the folder after the installation, with npx. */
  readonly generate?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Bundled with esbuild before it is deployed, as people do. */
  readonly bundled?: true;
  /** Makes it a custom runtime. */
  readonly bootstrap?: string;
  /** A program that building it takes. */
  readonly needs?: string;
  /** What of the log must be there. */
  readonly logs?: RegExp;
}

/** Native modules, engines in files of their own, middleware, loggers and bundles: what functions are made of. */
export const packagePrograms: readonly PackageProgram[] = [
  {
    install: ['sharp@0.34.4'],
    code: `import sharp from 'sharp';
export const handler = async () => {
  const image = sharp({ create: { width: 640, height: 480, channels: 3, background: '#336699' } });
  const { info } = await image.resize(64).webp().toBuffer({ resolveWithObject: true });
  return [info.format, info.width, info.height];
};`,
    answer: ['webp', 64, 48],
  },
  {
    install: ['@napi-rs/canvas@0.1.80'],
    code: `import { createCanvas } from '@napi-rs/canvas';
export const handler = async () => {
  const canvas = createCanvas(20, 10);
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#ff0000';
  pen.fillRect(0, 0, 20, 10);
  return { first: [...pen.getImageData(0, 0, 1, 1).data], png: canvas.toBuffer('image/png').subarray(1, 4).toString() };
};`,
    answer: { first: [255, 0, 0, 255], png: 'PNG' },
  },
  {
    install: ['better-sqlite3@12.4.1'],
    code: `import Database from 'better-sqlite3';
const db = new Database('/tmp/orders.db');
db.exec('CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, total REAL)');
export const handler = async ({ total }) => {
  db.prepare('INSERT INTO orders (total) VALUES (?)').run(total);
  return db.prepare('SELECT COUNT(*) AS count, SUM(total) AS sum FROM orders').get();
};`,
    answer: { count: 1, sum: 12.5 },
  },
  {
    install: ['bcrypt@6.0.0'],
    code: `import bcrypt from 'bcrypt';
export const handler = async () => {
  const hash = await bcrypt.hash('correct horse', 4);
  return [await bcrypt.compare('correct horse', hash), await bcrypt.compare('battery', hash)];
};`,
    answer: [true, false],
  },
  {
    install: ['argon2@0.44.0'],
    code: `import argon2 from 'argon2';
export const handler = async () => argon2.verify(await argon2.hash('correct horse', { memoryCost: 1024 }), 'correct horse');`,
    answer: true,
  },
  {
    // Version 7 brings the engine for queries in a package; that for migrations is fetched from elsewhere, and is not needed here.
    install: ['--ignore-scripts', 'prisma@7.2.0', '@prisma/client@7.2.0', '@prisma/adapter-libsql@7.2.0'],
    generate: ['prisma', 'generate'],
    files: {
      'schema.prisma':
        'generator client {\n provider = "prisma-client-js"\n}\ndatasource db {\n provider = "sqlite"\n}\nmodel Order {\n id Int @id @default(autoincrement())\n total Float\n}\n',
      'prisma.config.ts': "export default { schema: 'schema.prisma', datasource: { url: 'file:./dev.db' } };",
    },
    code: `import { PrismaLibSql } from '@prisma/adapter-libsql';
import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient({ adapter: new PrismaLibSql({ url: 'file:/tmp/orders.db' }) });
await prisma.$executeRawUnsafe('CREATE TABLE IF NOT EXISTS "Order" (id INTEGER PRIMARY KEY AUTOINCREMENT, total REAL NOT NULL)');
export const handler = async ({ total }) => {
  await prisma.order.create({ data: { total } });
  return prisma.order.aggregate({ _count: true, _sum: { total: true } });
};`,
    answer: { _count: 1, _sum: { total: 12.5 } },
  },
  {
    // The engine that reads schemas.
    install: ['@prisma/prisma-schema-wasm@8.1.0-2.59be4fda12412a79eeb9c2ae727b6aa723593323'],
    code: `import prisma from '@prisma/prisma-schema-wasm';
const schema = 'model Order {\\n id Int @id\\n total Float\\n}';
export const handler = async () => {
  const formatted = prisma.format(JSON.stringify([['schema.prisma', schema]]), JSON.stringify({ textDocument: { uri: 'file:/schema.prisma' }, options: { tabSize: 2, insertSpaces: true } }));
  return JSON.parse(formatted)[0][1].split('\\n')[1].trim().split(/ +/);
};`,
    answer: ['id', 'Int', '@id'],
  },
  {
    install: ['@middy/core@6.4.5', '@middy/http-json-body-parser@6.4.5'],
    code: `import middy from '@middy/core';
import parser from '@middy/http-json-body-parser';
const headers = { 'Content-Type': 'application/json' };
export const handler = middy(async (event) => event.body.total)
  .use({ before: ({ event }) => void Object.assign(event, { headers, body: JSON.stringify(event) }) })
  .use(parser());`,
    answer: 12.5,
  },
  {
    install: ['@aws-lambda-powertools/logger@2.27.0'],
    code: `import { Logger } from '@aws-lambda-powertools/logger';
const logger = new Logger({ serviceName: 'orders' });
export const handler = async (event, context) => {
  logger.addContext(context);
  logger.info('an order', { total: event.total });
  return context.memoryLimitInMB;
};`,
    answer: '512',
    logs: /"message":"an order".*"service":"orders".*"total":12.5|"service":"orders".*"message":"an order"/,
  },
  {
    install: ['zod@4.1.11', 'date-fns@4.1.0'],
    bundled: true,
    code: `import { z } from 'zod';
import { addDays, formatISO } from 'date-fns';
const order = z.object({ total: z.number().positive() });
export const handler = async (event) => [order.safeParse(event).success, formatISO(addDays(new Date(2026, 0, 31), 1), { representation: 'date' })];`,
    answer: [true, '2026-02-01'],
  },
  {
    // As the bundles of web frameworks are: a server on a port of its own, started at init, that each event is handed to.
    install: ['react@19.2.0', 'react-dom@19.2.0', 'express@5.1.0'],
    bundled: true,
    environment: { NODE_ENV: 'production' },
    code: `import { once } from 'node:events';
import express from 'express';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
const app = express();
app.get('/orders/:id', (request, response) => response.send(renderToString(createElement('p', null, 'Order ', request.params.id))));
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
export const handler = async ({ id = 7 }) => {
  const response = await fetch('http://127.0.0.1:' + server.address().port + '/orders/' + id);
  return { statusCode: response.status, body: await response.text() };
};`,
    answer: { statusCode: 200, body: '<p>Order <!-- -->7</p>' },
  },
  {
    // AWS's own runtime interface client, built from its sources in about five minutes.
    install: ['aws-lambda-ric@3.3.0'],
    needs: 'autoreconf',
    bootstrap: '#!/bin/sh\nexec node node_modules/.bin/aws-lambda-ric "$_HANDLER"\n',
    environment: { PATH: process.env.PATH ?? '' },
    code: `export const handler = async ({ total }, context) => ({ total, memory: context.memoryLimitInMB, left: context.getRemainingTimeInMillis() > 0 });`,
    answer: { total: 12.5, memory: '512', left: true },
  },
];
