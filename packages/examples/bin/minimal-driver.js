#!/usr/bin/env node
import '../dist/minimal-driver/main.js'
