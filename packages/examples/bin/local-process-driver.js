#!/usr/bin/env node
import '../dist/local-process/main.js'
